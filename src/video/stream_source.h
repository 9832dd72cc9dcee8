// SPDX-License-Identifier: Apache-2.0
// Internal: frames that FFmpeg reads and decodes.
#ifndef POSENET_VIDEO_STREAM_SOURCE_H_
#define POSENET_VIDEO_STREAM_SOURCE_H_

#include <memory>
#include <string>

#include "video/frame_source.h"

namespace posenet::video {

/// A file, a URL, a webcam or standard input. Errors: those of OpenFrameSource.
Result<std::unique_ptr<FrameSource>> OpenStream(const std::string& input, const SourceOptions& options);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_STREAM_SOURCE_H_
