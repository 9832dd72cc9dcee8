// SPDX-License-Identifier: Apache-2.0
// For the tests of camera: temporary folders, small scenes, and the development data.
#ifndef POSENET_CAMERA_TESTING_SCENES_H_
#define POSENET_CAMERA_TESTING_SCENES_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/testing/temporary_folder.h"
#include "camera/rigid_pose.h"
#include "camera/scene.h"

namespace posenet::camera {

/// A new folder for each test.
class FolderTest : public ::testing::Test {
 protected:
  /// Writes a file, and the folders above it.
  std::filesystem::path Write(const std::filesystem::path& name, const std::string& content = "") const {
    return folder_.Write(name, content);
  }

 private:
  const base::TemporaryFolder folder_;

 protected:
  const std::filesystem::path root_ = folder_.path();
};

/// The path of development data; tests that need it are skipped if it is missing.
inline std::filesystem::path ExtraData(const std::string& name) {
  return std::filesystem::path(POSENET_EXTRA_DATA_DIR) / name;
}

/// Whether centers are within 1e-6 of a unit and rotations within 1e-4 degrees.
MATCHER_P(PoseNear, expected, "") {
  return Norm(arg.translation_m - expected.translation_m) < 1e-6 &&
         AngleBetweenDeg(arg.rotation, expected.rotation) < 1e-4;
}

/// A pose without symmetries, which reveals mistakes with axes, order and direction.
inline RigidPose CrookedPose() {
  return {RotationAbout({1, 2, 3}, 40.0) * RotationAbout({0, 1, 0}, 25.0), {0.5, -1.25, 2.0}};
}

/// Poses along the x axis, 0.1 m apart.
inline std::vector<RigidPose> LinePoses(int count) {
  std::vector<RigidPose> poses;
  for (int i = 0; i < count; ++i) poses.push_back({{}, {0.1 * i, 0, 0}});
  return poses;
}

/// Frames with these poses, named "f0" and so on, all for training.
inline Scene LineScene(int count) {
  Scene scene;
  for (const RigidPose& pose : LinePoses(count)) {
    const std::string name = "f" + std::to_string(scene.frames.size());
    scene.frames.push_back({.name = name, .image = name, .world_from_cam = pose, .origin = "list:" + name});
  }
  return scene;
}

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_TESTING_SCENES_H_
