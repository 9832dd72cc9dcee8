// SPDX-License-Identifier: Apache-2.0
// Parts of the report pages of camera commands: maps of cameras, error curves, thumbnails.
#ifndef POSENET_CLI_CAMERA_REPORT_H_
#define POSENET_CLI_CAMERA_REPORT_H_

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "camera/evaluation.h"
#include "camera/rigid_pose.h"
#include "camera/scene.h"
#include "cli/camera_tables.h"
#include "report/page.h"

namespace posenet::cli {

/// The cameras of one series on a map, in order.
struct MapLayer {
  std::string name;
  std::vector<camera::RigidPose> poses;
  std::vector<std::string> sequences;  ///< Parallel to poses: lines do not connect different sequences.
};

/// Adds maps of the layers, one from above and one from a corner. Up is opposite to the mean of the cameras' y axes.
void AddMaps(std::span<const MapLayer> layers, LengthUnit units, report::Page& page);

/// Adds the cumulative distributions of the position and rotation errors, up to 1.2 times the first method's 95th
/// percentile.
void AddErrorCurves(std::span<const camera::MethodErrors> methods, LengthUnit units, report::Page& page);

/// Adds the tables of errors and of shares.
void AddErrorTables(std::span<const camera::MethodSummary> rows, LengthUnit units, report::Page& page);

/// A photo and its caption.
struct PhotoFile {
  std::filesystem::path image;
  std::string caption;
};

/// Adds thumbnails of the photos; those that cannot be read are left out.
void AddPhotos(std::span<const PhotoFile> photos, report::Page& page);

/// The training and the test frames of a scene as layers.
std::vector<MapLayer> LayersOf(const camera::Scene& scene);

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_REPORT_H_
