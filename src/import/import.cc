// SPDX-License-Identifier: Apache-2.0
#include "import/import.h"
