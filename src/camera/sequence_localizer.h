// SPDX-License-Identifier: Apache-2.0
// The photos of a recording through a CameraLocalizer: one by one or, for models of sequences, in windows.
#ifndef POSENET_CAMERA_SEQUENCE_LOCALIZER_H_
#define POSENET_CAMERA_SEQUENCE_LOCALIZER_H_

#include <cstddef>
#include <deque>
#include <functional>

#include "image/image.h"
#include "posenet/camera.h"

namespace posenet::camera {

/// Localizes consecutive photos in windows of scene().sequence_length. If the photos of a sequence do not fill the last
/// window, photos that are already localized fill it up: the network then sees these once more.
class SequenceLocalizer {
 public:
  /// Receives each photo's estimate, in the order of Add, and the share of the window's time that is its own, in
  /// milliseconds.
  using OnEstimate = std::function<void(std::size_t index, Result<CameraEstimate> estimate, double time_ms)>;

  /// `localizer` must outlive this.
  SequenceLocalizer(const CameraLocalizer& localizer, OnEstimate on_estimate);

  /// Adds the photo that follows the one before, called `index` in calls of OnEstimate. Those that make up a window are
  /// localized.
  void Add(std::size_t index, image::Image photo);

  /// Localizes the photos that still wait. The next photo starts a new sequence.
  void EndSequence();

 private:
  struct Photo {
    std::size_t index = 0;
    image::Image image;
  };
  void LocalizeWindow();

  const CameraLocalizer& localizer_;
  OnEstimate on_estimate_;
  std::size_t length_;
  std::deque<Photo> window_;       // Consecutive; at most `length_`.
  std::size_t waiting_count_ = 0;  // The last photos of `window_`, which are not localized yet.
};

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_SEQUENCE_LOCALIZER_H_
