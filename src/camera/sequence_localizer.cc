// SPDX-License-Identifier: Apache-2.0
#include "camera/sequence_localizer.h"

#include <chrono>
#include <utility>
#include <vector>

#include "base/error.h"

namespace posenet::camera {

SequenceLocalizer::SequenceLocalizer(const CameraLocalizer& localizer, OnEstimate on_estimate)
    : localizer_(localizer),
      on_estimate_(std::move(on_estimate)),
      length_(static_cast<std::size_t>(localizer.scene().sequence_length)) {}

void SequenceLocalizer::Add(std::size_t index, image::Image photo) {
  window_.push_back({.index = index, .image = std::move(photo)});
  if (window_.size() > length_) window_.pop_front();
  if (++waiting_count_ == length_) LocalizeWindow();
}

void SequenceLocalizer::EndSequence() {
  if (waiting_count_ > 0) LocalizeWindow();
  window_.clear();
}

void SequenceLocalizer::LocalizeWindow() {
  std::vector<ImageView> photos;
  for (const Photo& photo : window_) photos.push_back(photo.image.View());
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Result<std::vector<CameraEstimate>> estimates = localizer_.LocalizeSequence(photos);
  const std::chrono::duration<double, std::milli> elapsed = Clock::now() - start;
  const double time_ms = elapsed.count() / static_cast<double>(photos.size());
  const std::size_t first = window_.size() - std::exchange(waiting_count_, 0);
  for (std::size_t i = first; i < window_.size(); ++i) {
    Result<CameraEstimate> estimate = tl::unexpected(Error{});
    if (estimates.has_value()) {
      estimate = std::move((*estimates)[i]);
    } else {
      estimate = tl::unexpected(estimates.error());
    }
    on_estimate_(window_[i].index, std::move(estimate), time_ms);
  }
}

}  // namespace posenet::camera
