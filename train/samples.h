// SPDX-License-Identifier: Apache-2.0
// Which photos make up a batch, and what a batch is made of.
#ifndef POSENET_TRAIN_SAMPLES_H_
#define POSENET_TRAIN_SAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "camera/scene.h"

namespace posenet::train {

/// Frames that are looked at together: one, or some of one sequence in their order.
using Window = std::vector<std::size_t>;

/// Windows of `length` frames, each `skip` frames behind the one before it, all within one sequence of `frames`
/// (indices into scene.frames, ascending). Sequences that are too short give none.
std::vector<Window> WindowsOf(const camera::Scene& scene, std::span<const std::size_t> frames, int length, int skip);

/// The order in which epoch `epoch` goes through `count` windows: a permutation that depends on nothing but `seed` and
/// `epoch`, so that a resumed run goes on as it would have.
std::vector<std::size_t> OrderOfEpoch(std::size_t count, std::uint64_t seed, std::int64_t epoch);

/// Seeds of different things must not be alike: a hash of both (the finaliser of SplitMix64).
std::uint64_t MixSeeds(std::uint64_t a, std::uint64_t b);

/// The training frames that are set aside to watch the training, never the test frames: contiguous blocks, about
/// `share` of those of each sequence (of all, where sequences are too short), and the rest. None are set aside for a
/// share of 0, and where there are too few frames.
struct ValidationSplit {
  std::vector<std::size_t> learn;
  std::vector<std::size_t> validate;
};
ValidationSplit SetAside(const camera::Scene& scene, double share);

/// Every n-th of the training frames of each sequence.
void KeepEvery(int n, camera::Scene& scene);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_SAMPLES_H_
