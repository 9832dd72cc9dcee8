// SPDX-License-Identifier: Apache-2.0
// Internal: a folder of images as a video.
#ifndef POSENET_VIDEO_FOLDER_SOURCE_H_
#define POSENET_VIDEO_FOLDER_SOURCE_H_

#include <filesystem>
#include <memory>

#include "video/frame_source.h"

namespace posenet::video {

/// Frame rate of folders unless SourceOptions has one.
inline constexpr double kFolderFramesPerSecond = 25.0;

/// The images in and below `folder`, in natural order. Errors: those of OpenFrameSource.
Result<std::unique_ptr<FrameSource>> OpenFolder(const std::filesystem::path& folder, const SourceOptions& options);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_FOLDER_SOURCE_H_
