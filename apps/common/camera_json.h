// SPDX-License-Identifier: Apache-2.0
// Camera poses as JSON and comma-separated values.
#ifndef POSENET_COMMON_CAMERA_JSON_H_
#define POSENET_COMMON_CAMERA_JSON_H_

#include <string>
#include <string_view>

#include "camera/scene.h"
#include "common/pose_json.h"
#include "posenet/camera.h"

namespace posenet::app {

/// {"image", "width", "height", "position": [x, y, z], "quaternion": [w, x, y, z], "world_from_cam": 4 rows of 4,
/// "units", "uncertainty", "milliseconds"} and a newline; "uncertainty" only if there is one: {"position": [x, y, z],
/// "position_total", "rotation_deg"}.
std::string CameraPoseToJson(const ImageInfo& image, const CameraEstimate& estimate, LengthUnit units,
                             double milliseconds, JsonLayout layout);

/// The header row.
inline constexpr std::string_view kCameraCsvHeader =
    "image,width,height,x,y,z,qw,qx,qy,qz,position_std,rotation_std_deg,error\n";

/// The row of one image; unknown values are empty.
std::string CameraPoseToCsv(const ImageInfo& image, const CameraEstimate& estimate);

/// The row of an image that failed.
std::string CameraErrorToCsv(std::string_view name, std::string_view message);

}  // namespace posenet::app

#endif  // POSENET_COMMON_CAMERA_JSON_H_
