// SPDX-License-Identifier: Apache-2.0
#include "train/samples.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "camera/holdout.h"

namespace posenet::train {

namespace {

// Marks the frames of about `share` of the sequences, evenly spaced, as test frames. Returns false, and marks none, if
// that is less than one sequence.
bool HoldOutSequences(double share, camera::Scene& training) {
  std::vector<std::string> names;
  std::set<std::string> known;
  for (const camera::Frame& frame : training.frames) {
    if (known.insert(frame.sequence).second) names.push_back(frame.sequence);
  }
  const double wanted = share * static_cast<double>(names.size());
  if (wanted < 1.0) return false;
  const auto count = static_cast<std::size_t>(std::floor(wanted + 0.5));
  std::set<std::string> held_out;
  for (std::size_t i = 0; i < count; ++i) held_out.insert(names[(2 * i + 1) * names.size() / (2 * count)]);
  for (camera::Frame& frame : training.frames) {
    frame.split = held_out.contains(frame.sequence) ? camera::Split::kTest : camera::Split::kTrain;
  }
  return true;
}

}  // namespace

std::uint64_t MixSeeds(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a + 0x9e3779b97f4a7c15U * (b + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

std::vector<Window> WindowsOf(const camera::Scene& scene, std::span<const std::size_t> frames, int length, int skip) {
  const auto extent = static_cast<std::size_t>(length - 1) * static_cast<std::size_t>(skip);
  std::vector<Window> windows;
  for (std::size_t begin = 0; begin + extent < frames.size(); ++begin) {
    Window window;
    for (std::size_t i = begin; i <= begin + extent; i += static_cast<std::size_t>(skip)) window.push_back(frames[i]);
    if (scene.frames[window.front()].sequence == scene.frames[window.back()].sequence) {
      windows.push_back(std::move(window));
    }
  }
  return windows;
}

std::vector<std::size_t> OrderOfEpoch(std::size_t count, std::uint64_t seed, std::int64_t epoch) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(MixSeeds(seed, static_cast<std::uint64_t>(epoch)));
  // Fisher-Yates, because std::shuffle differs between standard libraries.
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

ValidationSplit HoldOutForValidation(const camera::Scene& scene, double share) {
  ValidationSplit split;
  camera::Scene training = {};
  std::vector<std::size_t> index;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    if (scene.frames[i].split != camera::Split::kTrain) continue;
    training.frames.push_back(scene.frames[i]);
    index.push_back(i);
  }
  ValidationSplit none = {.learn = index, .validate = {}};
  if (share <= 0.0) return none;
  if (!HoldOutSequences(share, training) && !camera::HoldOutBlocks(share, training).has_value()) {
    // Sequences too short for blocks of their own: treat them as one.
    for (camera::Frame& frame : training.frames) frame.sequence.clear();
    if (!camera::HoldOutBlocks(share, training).has_value()) return none;
  }
  for (std::size_t i = 0; i < index.size(); ++i) {
    const bool is_learned = training.frames[i].split == camera::Split::kTrain;
    (is_learned ? split.learn : split.validate).push_back(index[i]);
  }
  return split;
}

void KeepEvery(int n, camera::Scene& scene) {
  std::map<std::string, int> seen;
  std::erase_if(scene.frames, [&](const camera::Frame& frame) {
    return frame.split == camera::Split::kTrain && seen[frame.sequence]++ % n != 0;
  });
}

}  // namespace posenet::train
