// SPDX-License-Identifier: Apache-2.0
#include "media/image_file.h"
