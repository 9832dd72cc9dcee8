// SPDX-License-Identifier: Apache-2.0
// Decode options between C and C++.
#ifndef POSENET_BINDINGS_C_DECODE_OPTIONS_H_
#define POSENET_BINDINGS_C_DECODE_OPTIONS_H_

#include "base/error.h"
#include "posenet/c/decode.h"
#include "posenet/human.h"

namespace posenet::c {

/// The caller's options, of which null means none. Errors: kInvalidArgument for an unknown size or enumerator; numbers
/// are checked where they are used.
Result<PoseDecodeOptions> ToDecodeOptions(const posenet_decode_options* options);

}  // namespace posenet::c

#endif  // POSENET_BINDINGS_C_DECODE_OPTIONS_H_
