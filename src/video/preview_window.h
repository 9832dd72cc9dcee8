// SPDX-License-Identifier: Apache-2.0
// A window that shows frames as they come.
#ifndef POSENET_VIDEO_PREVIEW_WINDOW_H_
#define POSENET_VIDEO_PREVIEW_WINDOW_H_

#include <memory>
#include <string>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::video {

/// For one thread: the one that created it.
class PreviewWindow {
 public:
  /// Errors: kUnsupported where there is no display, or FFmpeg has no SDL.
  static Result<PreviewWindow> Create(const std::string& title, int width_px, int height_px);

  PreviewWindow(PreviewWindow&&) noexcept;
  PreviewWindow& operator=(PreviewWindow&&) noexcept;
  ~PreviewWindow();

  /// Shows an image of the window's size. Answers false when the window has been closed (its button, Escape or q).
  bool Show(const image::Image& image);

 private:
  struct Impl;
  explicit PreviewWindow(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet::video

#endif  // POSENET_VIDEO_PREVIEW_WINDOW_H_
