// SPDX-License-Identifier: Apache-2.0
#include "poses.h"

#include <array>
#include <cstddef>
#include <cstring>

#include "base/error.h"
#include "errors.h"
#include "posenet/c/pose.h"
#include "posenet/image.h"
#include "posenet/pose.h"
#include "structs.h"

namespace posenet::c {
namespace {

static_assert(POSENET_PIXEL_RGB == static_cast<int>(PixelFormat::kRgb));
static_assert(POSENET_PIXEL_BGR == static_cast<int>(PixelFormat::kBgr));
static_assert(POSENET_PIXEL_RGBA == static_cast<int>(PixelFormat::kRgba));
static_assert(POSENET_PIXEL_BGRA == static_cast<int>(PixelFormat::kBgra));
static_assert(POSENET_PIXEL_GRAY == static_cast<int>(PixelFormat::kGray));

static_assert(POSENET_PART_COUNT == kPartCount);
static_assert(POSENET_PART_NOSE == static_cast<int>(Part::kNose));
static_assert(POSENET_PART_LEFT_EYE == static_cast<int>(Part::kLeftEye));
static_assert(POSENET_PART_RIGHT_EYE == static_cast<int>(Part::kRightEye));
static_assert(POSENET_PART_LEFT_EAR == static_cast<int>(Part::kLeftEar));
static_assert(POSENET_PART_RIGHT_EAR == static_cast<int>(Part::kRightEar));
static_assert(POSENET_PART_LEFT_SHOULDER == static_cast<int>(Part::kLeftShoulder));
static_assert(POSENET_PART_RIGHT_SHOULDER == static_cast<int>(Part::kRightShoulder));
static_assert(POSENET_PART_LEFT_ELBOW == static_cast<int>(Part::kLeftElbow));
static_assert(POSENET_PART_RIGHT_ELBOW == static_cast<int>(Part::kRightElbow));
static_assert(POSENET_PART_LEFT_WRIST == static_cast<int>(Part::kLeftWrist));
static_assert(POSENET_PART_RIGHT_WRIST == static_cast<int>(Part::kRightWrist));
static_assert(POSENET_PART_LEFT_HIP == static_cast<int>(Part::kLeftHip));
static_assert(POSENET_PART_RIGHT_HIP == static_cast<int>(Part::kRightHip));
static_assert(POSENET_PART_LEFT_KNEE == static_cast<int>(Part::kLeftKnee));
static_assert(POSENET_PART_RIGHT_KNEE == static_cast<int>(Part::kRightKnee));
static_assert(POSENET_PART_LEFT_ANKLE == static_cast<int>(Part::kLeftAnkle));
static_assert(POSENET_PART_RIGHT_ANKLE == static_cast<int>(Part::kRightAnkle));

constexpr std::array<posenet_part_pair, kSkeleton.size()> SkeletonPairs() {
  std::array<posenet_part_pair, kSkeleton.size()> pairs = {};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = {.from = static_cast<posenet_part>(kSkeleton[i].first),
                .to = static_cast<posenet_part>(kSkeleton[i].second)};
  }
  return pairs;
}

constexpr std::array<posenet_part_pair, kSkeleton.size()> kSkeletonPairs = SkeletonPairs();

}  // namespace

Result<ImageView> ToImageView(const posenet_image* image) {
  POSENET_RETURN_IF_ERROR(CheckNotNull(image, "image"));
  posenet_image copy;
  std::memcpy(&copy, image, sizeof(copy));
  POSENET_ASSIGN_OR_RETURN(const PixelFormat format, ToEnum(copy.format, PixelFormat::kGray, "posenet_image.format"));
  return ImageView{.data = copy.data,
                   .width_px = copy.width_px,
                   .height_px = copy.height_px,
                   .row_stride_bytes = copy.row_stride_bytes,
                   .format = format};
}

}  // namespace posenet::c

const char* posenet_part_name(posenet_part part) {
  if (part < 0 || part >= POSENET_PART_COUNT) return nullptr;
  return posenet::kPartNames[static_cast<std::size_t>(part)].data();  // Views of literals, which end with zero.
}

const posenet_part_pair* posenet_skeleton(size_t* count) {
  if (count != nullptr) *count = posenet::c::kSkeletonPairs.size();
  return posenet::c::kSkeletonPairs.data();
}
