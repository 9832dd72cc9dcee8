// SPDX-License-Identifier: Apache-2.0
// What the pages of camera commands have in common: maps of where cameras were, curves of errors, small photos.
#ifndef POSENET_CLI_CAMERA_REPORT_H_
#define POSENET_CLI_CAMERA_REPORT_H_

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "camera/metrics.h"
#include "camera/rigid_pose.h"
#include "camera/scene.h"
#include "cli/camera_tables.h"
#include "report/page.h"

namespace posenet::cli {

/// Cameras that belong together on a map, in order. A pose that is not finite is left out.
struct MapLayer {
  std::string name;
  std::vector<camera::RigidPose> poses;
  std::vector<std::string> sequences;  ///< Parallel to poses: a line ends where the sequence does.
};

/// Adds the layers seen from above and from a corner. Up is where the photos have it: against the mean of the cameras'
/// y axes.
void AddMaps(std::span<const MapLayer> layers, LengthUnit units, report::Page& page);

/// Errors of one method.
struct ErrorCurve {
  std::string name;
  std::vector<camera::PoseError> errors;
};

/// Adds the share of frames whose error is at most so large, for positions and rotations. As far as the first curve's
/// 95th percentile, and a bit.
void AddErrorCurves(std::span<const ErrorCurve> curves, LengthUnit units, report::Page& page);

/// Adds the tables of errors and of shares.
void AddErrorTables(std::span<const ErrorRow> rows, LengthUnit units, report::Page& page);

/// A photo and what to write below it.
struct PhotoFile {
  std::filesystem::path image;
  std::string caption;
};

/// Adds small copies of the photos that can be read.
void AddPhotos(std::span<const PhotoFile> photos, report::Page& page);

/// The layers of a scene: training and testing.
std::vector<MapLayer> LayersOf(const camera::Scene& scene);

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_REPORT_H_
