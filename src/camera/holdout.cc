// SPDX-License-Identifier: Apache-2.0
#include "camera/holdout.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "base/error.h"

namespace posenet::camera {
namespace {

struct HeldOut {
  std::size_t frame_count = 0;
  std::size_t block_count = 0;
};

// Holds out frames of one sequence.
HeldOut HoldOutOfSequence(double share, std::span<Frame> frames) {
  const auto size = static_cast<double>(frames.size());
  const auto held_out = static_cast<std::size_t>(std::floor(size * share + 0.5));
  if (held_out == 0) return {};
  const std::size_t blocks = std::clamp<std::size_t>(held_out / kMinBlock, 1, kMaxBlocks);
  const std::size_t training = frames.size() - std::min(held_out, frames.size());
  // Before, between and after the blocks there are equally many training frames.
  std::size_t begin = 0;
  for (std::size_t block = 0; block < blocks; ++block) {
    begin += training * (block + 1) / (blocks + 1) - training * block / (blocks + 1);
    const std::size_t length = held_out * (block + 1) / blocks - held_out * block / blocks;
    for (Frame& frame : frames.subspan(begin, length)) frame.split = Split::kTest;
    begin += length;
  }
  return {.frame_count = held_out, .block_count = blocks};
}

}  // namespace

Result<void> HoldOutBlocks(double share, Scene& scene) {
  if (!(share > 0.0 && share < 1.0)) {
    return base::Fail(ErrorCode::kInvalidArgument, "expected a share of frames to hold out above 0 and below 1, got ",
                      share);
  }
  for (Frame& frame : scene.frames) frame.split = Split::kTrain;
  HeldOut total;
  const std::span<Frame> frames(scene.frames);
  for (std::size_t begin = 0; begin < frames.size();) {
    std::size_t end = begin + 1;
    while (end < frames.size() && frames[end].sequence == frames[begin].sequence) ++end;
    const HeldOut held_out = HoldOutOfSequence(share, frames.subspan(begin, end - begin));
    total.frame_count += held_out.frame_count;
    total.block_count += held_out.block_count;
    begin = end;
  }
  if (total.frame_count == 0 || total.frame_count == frames.size()) {
    return base::Fail(ErrorCode::kInvalidArgument, "holding out ", share, " of ", frames.size(),
                      " frames leaves none for ", total.frame_count == 0 ? "testing" : "training");
  }
  scene.split_origin = SplitOrigin::kHeldOut;
  scene.remarks.push_back(base::StrCat("the data has no test split: held out ", total.frame_count, " of ",
                                       frames.size(), " frames for testing, in ", total.block_count,
                                       total.block_count == 1 ? " block" : " blocks", " of consecutive frames"));
  return {};
}

}  // namespace posenet::camera
