// SPDX-License-Identifier: Apache-2.0
// Tests that a PoseEstimator does not allocate after the first image. Counts all calls of operator new in the process.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "image/testing/random_image.h"
#include "model/model_spec.h"
#include "posenet/human.h"
#include "posenet/refine.h"

namespace {

std::atomic<int> allocation_count = 0;

void* Allocate(std::size_t bytes, std::size_t alignment) {
  ++allocation_count;
  // The size for aligned_alloc must be a multiple of the alignment.
  void* const memory = std::aligned_alloc(alignment, (bytes + alignment) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// GCC 12 warns about pairs of which it inlines only one.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
// The array and nothrow forms call these.
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

class AllocationTest : public ::testing::TestWithParam<PoseDecoder> {};

TEST_P(AllocationTest, DoesNotAllocateAfterTheFirstImage) {
  PoseEstimatorOptions options = {.input_width_px = 129, .input_height_px = 97, .decoder = GetParam()};
  options.multi = {.max_poses = 20, .score_threshold = 0.01F, .nms_radius_px = 10.0F};
  for (const int thread_count : {1, 3}) {
    for (const Precision precision : {Precision::kFloat32, Precision::kBFloat16}) {
      options.thread_count = thread_count;
      options.precision = precision;
      const Model model = model::MakeModel(human::RandomPoseNet()).value();
      const PoseEstimator estimator = human::CreateEstimator(model, options);
      const image::Image image = image::RandomRgbImage(200, 160);
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
                         ::testing::Values(PoseDecoder::kTfjsSingle, PoseDecoder::kTfjsMultiple, PoseDecoder::kCoral,
                                           PoseDecoder::kHough));

TEST(RefinerAllocationTest, DoesNotAllocateAfterTheFirstImage) {
  const Model movenet = model::MakeModel(human::RandomMoveNet()).value();
  const Model multipose = model::MakeModel(human::RandomMultiPose()).value();
  const image::Image image = image::RandomRgbImage(200, 160);
  PoseEstimatorOptions options;
  options.thread_count = 1;  // Of several, one that refined nobody at first may do so later.
  options.multi = {.max_poses = 8, .score_threshold = 0.0F};
  options.refiner = std::make_shared<const PersonRefiner>(
      PersonRefiner::Create(movenet, {.min_pose_score = 0.0F, .thread_count = 1}).value());
  const PoseEstimator estimator = human::CreateEstimator(multipose, options);
  std::vector<Pose> poses;
  ASSERT_TRUE(estimator.Estimate(image.View(), poses).has_value());
  ASSERT_FALSE(poses.empty());
  const int count_before = allocation_count;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(estimator.Estimate(image.View(), poses).has_value());
  EXPECT_EQ(allocation_count, count_before);
}

TEST(AllocationCountTest, CountsAllocations) {
  const int count_before = allocation_count;
  const std::vector<int> numbers(100);
  EXPECT_EQ(allocation_count, count_before + 1) << numbers.size();
}

}  // namespace
}  // namespace posenet
