// SPDX-License-Identifier: Apache-2.0
// Recognizes files of other formats that are passed as models, so that errors can say what to do instead.
#ifndef POSENET_MODEL_FOREIGN_FORMAT_H_
#define POSENET_MODEL_FOREIGN_FORMAT_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace posenet::model {

/// For the contents of a file of a format that is not a PoseNet model but known: what it is and how to use it, such as
/// "is a TensorFlow Lite model; import it first: ...". Looks at the first bytes only.
std::optional<std::string_view> DescribeForeignFormat(std::span<const std::byte> bytes);

}  // namespace posenet::model

#endif  // POSENET_MODEL_FOREIGN_FORMAT_H_
