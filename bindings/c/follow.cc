// SPDX-License-Identifier: Apache-2.0
// Followers of people in video.
#include "posenet/follow.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "decode_options.h"
#include "errors.h"
#include "estimator_handle.h"
#include "posenet/c/follow.h"
#include "posenet/image.h"
#include "posenet/pose.h"
#include "poses.h"
#include "structs.h"
#include "tracker_options.h"

struct posenet_person_follower {
  std::shared_ptr<const posenet::PoseEstimator> estimator;  // Outlives the follower.
  posenet::PersonFollower follower;
};

struct posenet_people_follower {
  std::shared_ptr<const posenet::PoseEstimator> estimator;  // Outlives the follower.
  posenet::PeopleFollower follower;
};

namespace posenet::c {
namespace {

static_assert(kSameBytes<posenet_region, PixelRegion>);
static_assert(offsetof(posenet_region, x_px) == offsetof(PixelRegion, x_px));
static_assert(offsetof(posenet_region, y_px) == offsetof(PixelRegion, y_px));
static_assert(offsetof(posenet_region, width_px) == offsetof(PixelRegion, width_px));
static_assert(offsetof(posenet_region, height_px) == offsetof(PixelRegion, height_px));

posenet_person_follower_options PersonDefaults() {
  const PersonFollowerOptions defaults;
  return {.struct_size = sizeof(posenet_person_follower_options),
          .region_scale = defaults.region_scale,
          .min_pose_score = defaults.min_pose_score,
          .min_keypoint_score = defaults.min_keypoint_score};
}

Result<PersonFollowerOptions> ToOptions(const posenet_person_follower_options* options) {
  if (options == nullptr) return PersonFollowerOptions();
  POSENET_ASSIGN_OR_RETURN(const auto given, Read(options, "posenet_person_follower_options", PersonDefaults()));
  return PersonFollowerOptions{.region_scale = given.region_scale,
                               .min_pose_score = given.min_pose_score,
                               .min_keypoint_score = given.min_keypoint_score};
}

posenet_people_follower_options PeopleDefaults() {
  const PeopleFollowerOptions defaults;
  return {.struct_size = sizeof(posenet_people_follower_options),
          .propose_every = defaults.propose_every,
          .min_pose_score = defaults.min_pose_score,
          .tracker = nullptr,
          .decode = nullptr};
}

Result<PeopleFollowerOptions> ToOptions(const posenet_people_follower_options* options) {
  if (options == nullptr) return PeopleFollowerOptions();
  POSENET_ASSIGN_OR_RETURN(const auto given, Read(options, "posenet_people_follower_options", PeopleDefaults()));
  PeopleFollowerOptions wanted = {.propose_every = given.propose_every, .min_pose_score = given.min_pose_score};
  POSENET_ASSIGN_OR_RETURN(wanted.tracker, ToTrackerOptions(given.tracker));
  POSENET_ASSIGN_OR_RETURN(wanted.decode, ToDecodeOptions(given.decode));
  return wanted;
}

/// The _create function of a Handle with a Follower in it.
template <typename Follower, typename Handle, typename Options>
posenet_status Create(const posenet_estimator* estimator, const Options* options, Handle** follower,
                      posenet_error* error) noexcept {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(follower, "follower"));
    *follower = nullptr;
    POSENET_RETURN_IF_ERROR(CheckNotNull(estimator, "estimator"));
    POSENET_ASSIGN_OR_RETURN(const auto wanted, ToOptions(options));
    POSENET_ASSIGN_OR_RETURN(Follower created, Follower::Create(*estimator->estimator, wanted));
    *follower = std::make_unique<Handle>(Handle{estimator->estimator, std::move(created)}).release();
    return {};
  });
}

}  // namespace
}  // namespace posenet::c

using posenet::Result;
using posenet::c::CheckNotNull;
using posenet::c::CheckOutputArray;
using posenet::c::Guard;

posenet_status posenet_person_follower_options_init(posenet_person_follower_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_person_follower_options", posenet::c::PersonDefaults());
}

posenet_status posenet_person_follower_create(const posenet_estimator* estimator,
                                              const posenet_person_follower_options* options,
                                              posenet_person_follower** follower, posenet_error* error) {
  return posenet::c::Create<posenet::PersonFollower>(estimator, options, follower, error);
}

void posenet_person_follower_destroy(posenet_person_follower* follower) { delete follower; }

posenet_status posenet_person_follower_estimate(posenet_person_follower* follower, const posenet_image* image,
                                                posenet_pose* pose, int32_t* is_visible, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(follower, "follower"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(pose, "pose"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(is_visible, "is_visible"));
    POSENET_ASSIGN_OR_RETURN(const posenet::ImageView view, posenet::c::ToImageView(image));
    POSENET_ASSIGN_OR_RETURN(const std::optional<posenet::Pose> found, follower->follower.Estimate(view));
    *is_visible = found ? 1 : 0;
    if (found) std::memcpy(pose, &*found, sizeof(*pose));
    return {};
  });
}

posenet_status posenet_person_follower_get_region(const posenet_person_follower* follower, posenet_region* region,
                                                  int32_t* is_following, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(follower, "follower"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(region, "region"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(is_following, "is_following"));
    const std::optional<posenet::PixelRegion> next = follower->follower.region();
    *is_following = next ? 1 : 0;
    if (next) std::memcpy(region, &*next, sizeof(*region));
    return {};
  });
}

void posenet_person_follower_reset(posenet_person_follower* follower) {
  if (follower != nullptr) follower->follower.Reset();
}

posenet_status posenet_people_follower_options_init(posenet_people_follower_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_people_follower_options", posenet::c::PeopleDefaults());
}

posenet_status posenet_people_follower_create(const posenet_estimator* estimator,
                                              const posenet_people_follower_options* options,
                                              posenet_people_follower** follower, posenet_error* error) {
  return posenet::c::Create<posenet::PeopleFollower>(estimator, options, follower, error);
}

void posenet_people_follower_destroy(posenet_people_follower* follower) { delete follower; }

posenet_status posenet_people_follower_estimate(posenet_people_follower* follower, const posenet_image* image,
                                                double time_s, posenet_pose* poses, int64_t* ids, size_t capacity,
                                                size_t* count, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(follower, "follower"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(count, "count"));
    POSENET_RETURN_IF_ERROR(CheckOutputArray(poses, capacity, "poses"));
    POSENET_ASSIGN_OR_RETURN(const posenet::ImageView view, posenet::c::ToImageView(image));
    POSENET_ASSIGN_OR_RETURN(const std::vector<posenet::Pose> found, follower->follower.Estimate(view, time_s));
    *count = posenet::c::CopyOut(found, poses, capacity);
    const std::span<const std::int64_t> found_ids = follower->follower.ids();
    if (ids != nullptr && *count > 0) std::memcpy(ids, found_ids.data(), *count * sizeof(*ids));
    return {};
  });
}

int64_t posenet_people_follower_proposal_count(const posenet_people_follower* follower) {
  return follower != nullptr ? follower->follower.proposal_count() : 0;
}

void posenet_people_follower_reset(posenet_people_follower* follower) {
  if (follower != nullptr) follower->follower.Reset();
}
