// SPDX-License-Identifier: Apache-2.0
// Internal: converts decoded frames to upright RGB images.
#ifndef POSENET_VIDEO_FRAME_CONVERTER_H_
#define POSENET_VIDEO_FRAME_CONVERTER_H_

#include "image/image.h"
#include "media/exif.h"
#include "posenet/result.h"
#include "video/av.h"

namespace posenet::video {

/// Uses the color matrix and range that each frame names, otherwise the defaults of its format.
class FrameConverter {
 public:
  explicit FrameConverter(media::Orientation orientation) : orientation_(orientation) {}

  /// Errors: kUnsupported for pixels that swscale cannot read, kResourceExhausted for more than media::kMaxPixels.
  Result<image::Image> Convert(const AVFrame& frame);

 private:
  Result<void> Prepare(const AVFrame& frame);

  media::Orientation orientation_;
  AvPtr<SwsContext> scaler_;
  AvPtr<AVFrame> rgb_;
};

}  // namespace posenet::video

#endif  // POSENET_VIDEO_FRAME_CONVERTER_H_
