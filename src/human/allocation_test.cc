// SPDX-License-Identifier: Apache-2.0
// That images after the first cost no allocation. Counts every operator new of the program, whichever thread calls
// it.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <random>

#include "image/image.h"
#include "model/mobilenet.h"
#include "model/model_spec.h"
#include "model/random_weights.h"
#include "posenet/human.h"

namespace {

std::atomic<int> allocation_count = 0;

void* Allocate(std::size_t bytes, std::size_t alignment) {
  ++allocation_count;
  // aligned_alloc wants whole multiples of the alignment.
  void* const memory = std::aligned_alloc(alignment, (bytes + alignment) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// GCC 12 warns of pairs of which it inlines one only.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
// The forms for arrays and for nothrow call these.
void* operator new(std::size_t bytes) { return Allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return Allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*bytes*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*bytes*/, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}

namespace posenet {
namespace {

image::Image Noise(int width_px, int height_px) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  std::mt19937 random(1);
  for (int i = 0; i < width_px * height_px * 3; ++i) image.rgb.push_back(static_cast<std::uint8_t>(random()));
  return image;
}

class AllocationTest : public ::testing::TestWithParam<PoseDecoder> {};

TEST_P(AllocationTest, ImagesAfterTheFirstCostNone) {
  PoseEstimatorOptions options = {.input_width_px = 129, .input_height_px = 97, .decoder = GetParam()};
  options.multi = {.max_poses = 20, .score_threshold = 0.01F, .nms_radius_px = 10.0F};
  for (const int thread_count : {1, 3}) {
    for (const Precision precision : {Precision::kFloat32, Precision::kBFloat16}) {
      options.thread_count = thread_count;
      options.precision = precision;
      const Model model = model::MakeModel(model::RandomModel(model::MobileNetV1Network(0.5F, 16), 7).value()).value();
      const PoseEstimator estimator = PoseEstimator::Create(model, options).value();
      const image::Image image = Noise(200, 160);
      std::vector<Pose> poses;
      ASSERT_TRUE(estimator.Estimate(image.View(), poses).has_value());
      ASSERT_FALSE(poses.empty());

      const int count_before = allocation_count;
      for (int i = 0; i < 3; ++i) ASSERT_TRUE(estimator.Estimate(image.View(), poses).has_value());
      EXPECT_EQ(allocation_count, count_before) << "with " << thread_count << " threads";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryDecoder, AllocationTest,
                         ::testing::Values(PoseDecoder::kTfjsSingle, PoseDecoder::kTfjsMultiple, PoseDecoder::kCoral));

TEST(AllocationCountTest, CountsAllocations) {
  const int count_before = allocation_count;
  const std::vector<int> numbers(100);
  EXPECT_EQ(allocation_count, count_before + 1) << numbers.size();
}

}  // namespace
}  // namespace posenet
