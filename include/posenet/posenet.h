// SPDX-License-Identifier: Apache-2.0
// The whole public API in C++, except for the OpenCV adapter, posenet/opencv.h. That in C is posenet/c.h.
#ifndef POSENET_POSENET_H_
#define POSENET_POSENET_H_

#include "posenet/camera.h"
#include "posenet/decode.h"
#include "posenet/follow.h"
#include "posenet/human.h"
#include "posenet/image.h"
#include "posenet/model.h"
#include "posenet/movenet.h"
#include "posenet/pose.h"
#include "posenet/refine.h"
#include "posenet/result.h"
#include "posenet/runtime.h"
#include "posenet/track.h"
#include "posenet/version.h"

#endif  // POSENET_POSENET_H_
