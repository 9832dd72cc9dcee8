// SPDX-License-Identifier: Apache-2.0
// MoveNet's crop.
#include "posenet/movenet.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "errors.h"
#include "posenet/c/movenet.h"
#include "posenet/pose.h"
#include "poses.h"

struct posenet_movenet_crop {
  posenet::MoveNetCrop crop = {};
};

namespace posenet::c {
namespace {

static_assert(kSameBytes<posenet_square_region, SquareRegion>);
static_assert(offsetof(posenet_square_region, left_px) == offsetof(SquareRegion, left_px));
static_assert(offsetof(posenet_square_region, top_px) == offsetof(SquareRegion, top_px));
static_assert(offsetof(posenet_square_region, side_px) == offsetof(SquareRegion, side_px));

Result<void> CheckImageSize(std::int32_t width_px, std::int32_t height_px) {
  if (width_px >= 1 && height_px >= 1) return {};
  return base::Fail(ErrorCode::kInvalidArgument, "the image is ", width_px, " x ", height_px,
                    " pixels; expected at least 1 x 1");
}

}  // namespace
}  // namespace posenet::c

using posenet::Result;
using posenet::c::CheckImageSize;
using posenet::c::CheckNotNull;
using posenet::c::Guard;

posenet_status posenet_movenet_crop_create(posenet_movenet_crop** crop, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(crop, "crop"));
    *crop = nullptr;
    *crop = std::make_unique<posenet_movenet_crop>().release();
    return {};
  });
}

void posenet_movenet_crop_destroy(posenet_movenet_crop* crop) { delete crop; }

posenet_status posenet_movenet_crop_get_region(const posenet_movenet_crop* crop, int32_t image_width_px,
                                               int32_t image_height_px, posenet_square_region* region,
                                               posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(crop, "crop"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(region, "region"));
    POSENET_RETURN_IF_ERROR(CheckImageSize(image_width_px, image_height_px));
    const posenet::SquareRegion next = crop->crop.Region(image_width_px, image_height_px);
    std::memcpy(region, &next, sizeof(*region));
    return {};
  });
}

posenet_status posenet_movenet_crop_update(posenet_movenet_crop* crop, const posenet_pose* pose, int32_t image_width_px,
                                           int32_t image_height_px, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(crop, "crop"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(pose, "pose"));
    POSENET_RETURN_IF_ERROR(CheckImageSize(image_width_px, image_height_px));
    posenet::Pose found;
    std::memcpy(static_cast<void*>(&found), pose, sizeof(*pose));
    crop->crop.Update(found, image_width_px, image_height_px);
    return {};
  });
}

void posenet_movenet_crop_reset(posenet_movenet_crop* crop) {
  if (crop != nullptr) crop->crop.Reset();
}
