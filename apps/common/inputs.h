// SPDX-License-Identifier: Apache-2.0
// The images that a command line names.
#ifndef POSENET_COMMON_INPUTS_H_
#define POSENET_COMMON_INPUTS_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::app {

/// The INPUT that stands for an image on standard input.
inline constexpr const char* kStandardInput = "-";

/// One image to be read, or the reason why there is none.
struct Input {
  std::string name;                ///< Its name in outputs: the path as given, or the one found below a folder.
  std::filesystem::path relative;  ///< Its path below the folder that was given, or its file name.
  std::optional<Error> error;      ///< Set for a folder that cannot be listed or has no images in it.
};

/// Files stay as they are, folders become the images below them: recursively, sorted, by file name extension. Throws
/// CommandError (kUsage) for what cannot be an image: a webcam, a video, a URL, a pattern such as img%d.png, or
/// standard input that is a terminal.
std::vector<Input> ExpandInputs(std::span<const std::string> arguments);

/// Whether `text` has a printf conversion such as %d or %05d, by which some programs name image sequences.
bool IsSequencePattern(std::string_view text);

/// Reads and decodes one image; does not throw. Errors: those of media::ReadImageFile, or the input's own.
Result<image::Image> ReadImage(const Input& input);

/// The message of `error` without the name of `input` in front, to be shown beside that name.
std::string MessageWithoutName(const Error& error, const Input& input);

/// Image IDs for COCO results: the digits that end each file name ("000000000139.jpg" is 139) if all names have them
/// and they differ, otherwise 1, 2, 3 in the order of the inputs.
std::vector<std::int64_t> CocoImageIds(std::span<const Input> inputs);

}  // namespace posenet::app

#endif  // POSENET_COMMON_INPUTS_H_
