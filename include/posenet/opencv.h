// SPDX-License-Identifier: Apache-2.0
// Optional, header-only: a view of an OpenCV image. Include it only in code that links OpenCV.
#ifndef POSENET_OPENCV_H_
#define POSENET_OPENCV_H_

#include <opencv2/core/mat.hpp>

#include "posenet/image.h"
#include "posenet/result.h"

namespace posenet {

/// A view of `image`, which must outlive it: CV_8UC1, CV_8UC3 (BGR) or CV_8UC4 (BGRA), as loaded by cv::imread.
/// Errors: kInvalidArgument for an empty image or another type.
inline Result<ImageView> ViewOf(const cv::Mat& image) {
  if (image.empty() || image.dims != 2 || image.depth() != CV_8U) {
    return tl::unexpected(
        Error{ErrorCode::kInvalidArgument, "cv::Mat: expected a non-empty 2-D image of 8-bit channels"});
  }
  ImageView view{.data = image.data,
                 .width_px = image.cols,
                 .height_px = image.rows,
                 .row_stride_bytes = static_cast<std::ptrdiff_t>(image.step[0]),
                 .format = PixelFormat::kBgr};
  switch (image.channels()) {
    case 1:
      view.format = PixelFormat::kGray;
      return view;
    case 3:
      return view;
    case 4:
      view.format = PixelFormat::kBgra;
      return view;
    default:
      return tl::unexpected(Error{ErrorCode::kInvalidArgument, "cv::Mat: expected 1, 3 or 4 channels"});
  }
}

}  // namespace posenet

#endif  // POSENET_OPENCV_H_
