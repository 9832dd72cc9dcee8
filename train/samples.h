// SPDX-License-Identifier: Apache-2.0
// Which frames make up samples, epochs and the validation set.
#ifndef POSENET_TRAIN_SAMPLES_H_
#define POSENET_TRAIN_SAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "camera/scene.h"

namespace posenet::train {

/// A sample: a frame, or several of one sequence in their order. Indices into scene.frames.
using Window = std::vector<std::size_t>;

/// All windows of `length` frames of one sequence, `skip` frames apart. `frames` are ascending indices into
/// scene.frames. Sequences that are too short have none.
std::vector<Window> WindowsOf(const camera::Scene& scene, std::span<const std::size_t> frames, int length, int skip);

/// The order of `count` windows in epoch `epoch`: a permutation that depends on `seed` and `epoch` alone, so that a
/// resumed training continues as if it had not been interrupted.
std::vector<std::size_t> OrderOfEpoch(std::size_t count, std::uint64_t seed, std::int64_t epoch);

/// A hash of both, for independent seeds (the finalizer of SplitMix64).
std::uint64_t MixSeeds(std::uint64_t a, std::uint64_t b);

/// Splits the training frames into those to learn from and those held out for validation: whole sequences if there are
/// at least 1 / `share`, because frames next to those of the training are easier than frames of another walk; otherwise
/// contiguous blocks of about `share` of each sequence, or of all frames if sequences are too short. Holds out none if
/// `share` is 0 or there are too few frames. Test frames are in neither.
struct ValidationSplit {
  std::vector<std::size_t> learn;
  std::vector<std::size_t> validate;
};
ValidationSplit HoldOutForValidation(const camera::Scene& scene, double share);

/// Removes training frames from `scene`, except every n-th of each sequence.
void KeepEvery(int n, camera::Scene& scene);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_SAMPLES_H_
