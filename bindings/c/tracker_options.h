// SPDX-License-Identifier: Apache-2.0
// Tracker options between C and C++.
#ifndef POSENET_BINDINGS_C_TRACKER_OPTIONS_H_
#define POSENET_BINDINGS_C_TRACKER_OPTIONS_H_

#include "base/error.h"
#include "posenet/c/track.h"
#include "posenet/track.h"

namespace posenet::c {

/// The caller's options, of which null means the defaults. Errors: kInvalidArgument for an unknown size or enumerator;
/// numbers are checked where they are used.
Result<PoseTrackerOptions> ToTrackerOptions(const posenet_tracker_options* options);

}  // namespace posenet::c

#endif  // POSENET_BINDINGS_C_TRACKER_OPTIONS_H_
