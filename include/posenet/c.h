/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// The C interface: human pose estimation, decoders, tracking, smoothing and camera relocalization, from C99 and from
/// every language that can call C. It is the interface of the shared library libposenet, whose binary interface stays
/// compatible within a SONAME; the C++ API has no such guarantee.
///
///     posenet_error* error = posenet_error_create();
///     posenet_model* model = NULL;
///     posenet_estimator* estimator = NULL;
///     if (posenet_model_load("mobilenet100.safetensors", &model, error) != POSENET_OK ||
///         posenet_estimator_create(model, NULL, &estimator, error) != POSENET_OK) {
///       fprintf(stderr, "%s\n", posenet_error_message(error));
///     }
///     posenet_image image = {rgb, 640, 480, 0, POSENET_PIXEL_RGB};
///     posenet_pose poses[20];
///     size_t count = 0;
///     posenet_estimator_estimate(estimator, &image, NULL, poses, 20, &count, error);
///
/// **Errors.** Functions that can fail return a #posenet_status. Their last parameter, which may be null, is a handle
/// that keeps the message: what failed, where, and what was expected. There is no global or thread-local error. Every
/// argument is checked; only pointers that are neither null nor valid cannot be. After an error, outputs are unchanged
/// unless a function says otherwise. No C++ exception leaves the library, and it never prints, aborts or reads the
/// environment.
///
/// **Ownership.** A handle belongs to the caller, who destroys it with its `_destroy` function, which accepts null. The
/// order does not matter: handles keep what they need of the handles that they were created from. Structs, arrays and
/// strings that are passed in belong to the caller and are not used after the call. Strings that are returned belong to
/// the library.
///
/// **Threads.** Models, estimators, refiners and localizers are immutable and may be used by any number of threads at
/// once. A tracker, a smoother, a follower, a crop or an error handle may be used by one thread at a time.
///
/// **Structs.** Structs that can grow in later versions begin with `struct_size`. Their `_init` function sets it, and
/// the other members to their defaults; it takes `sizeof` the struct, so that programs and libraries of different
/// versions understand each other. A null pointer to options means the defaults. Structs without `struct_size` never
/// change. Enumerations are int32_t with named constants, so that structs have the same layout in every language.
#ifndef POSENET_C_H_
#define POSENET_C_H_

#include "posenet/c/base.h"
#include "posenet/c/camera.h"
#include "posenet/c/decode.h"
#include "posenet/c/follow.h"
#include "posenet/c/human.h"
#include "posenet/c/model.h"
#include "posenet/c/movenet.h"
#include "posenet/c/pose.h"
#include "posenet/c/track.h"

#endif /* POSENET_C_H_ */
