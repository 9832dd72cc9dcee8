// SPDX-License-Identifier: Apache-2.0
// Following on real photos, where they and a model are.
#include <gtest/gtest.h>

#include <filesystem>

#include "media/image_file.h"
#include "posenet/human.h"
#include "track/coco_people.h"
#include "track/small_person.h"

namespace posenet::bench {
namespace {

TEST(FollowPhotosTest, SmallPeopleAreTwiceAsAccurate) {
  const std::filesystem::path model_file =
      std::filesystem::path(POSENET_SOURCE_DIR) / "models/mobilenet100.safetensors";
  const std::filesystem::path coco = std::filesystem::path(POSENET_EXTRA_DATA_DIR) / "coco";
  if (!std::filesystem::exists(model_file)) GTEST_SKIP() << "no " << model_file << "; scripts/fetch-models makes it";
  if (!std::filesystem::exists(coco / "person_keypoints_val.json"))
    GTEST_SKIP() << "needs the development data in " << coco;
  const auto model = Model::Load(model_file.string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const auto estimator = PoseEstimator::Create(*model, {.input_width_px = 257, .input_height_px = 257});
  ASSERT_TRUE(estimator.has_value()) << estimator.error().message;
  const auto people = LabelledPeople(coco, 12, 150.0).value();
  ASSERT_GE(people.size(), 5);
  FollowErrors errors;
  // As many as take seconds.
  constexpr std::size_t kMaxPeople = 8;
  for (std::size_t i = 0; i < std::min(people.size(), kMaxPeople); ++i) {
    const auto photo = media::ReadImageFile(coco / "images" / people[i].file_name);
    ASSERT_TRUE(photo.has_value()) << photo.error().message;
    const auto compared = CompareFollowing(*estimator, *photo, people[i].person, 0.2, 4, errors);
    ASSERT_TRUE(compared.has_value()) << compared.error().message;
  }
  EXPECT_LT(Median(errors.followed), 0.5 * Median(errors.whole_frame));
}

}  // namespace
}  // namespace posenet::bench
