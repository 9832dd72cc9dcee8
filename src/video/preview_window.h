// SPDX-License-Identifier: Apache-2.0
// A window that shows frames.
#ifndef POSENET_VIDEO_PREVIEW_WINDOW_H_
#define POSENET_VIDEO_PREVIEW_WINDOW_H_

#include <memory>
#include <string>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::video {

/// For use by the thread that created it.
class PreviewWindow {
 public:
  /// Errors: kUnsupported without a display or an FFmpeg with SDL.
  static Result<PreviewWindow> Create(const std::string& title, int width_px, int height_px);

  PreviewWindow(PreviewWindow&&) noexcept;
  PreviewWindow& operator=(PreviewWindow&&) noexcept;
  ~PreviewWindow();

  /// Shows an image of the size of the window. Returns false if the window was closed (button, Escape or q).
  bool Show(const image::Image& image);

 private:
  struct Impl;
  explicit PreviewWindow(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet::video

#endif  // POSENET_VIDEO_PREVIEW_WINDOW_H_
