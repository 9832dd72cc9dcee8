// SPDX-License-Identifier: Apache-2.0
// For the tests of camera: folders that go away, small scenes to put in them, and the development data.
#ifndef POSENET_CAMERA_TESTING_SCENES_H_
#define POSENET_CAMERA_TESTING_SCENES_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/testing/temporary_folder.h"
#include "camera/rigid_pose.h"

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

/// Where the development data is; tests that need `name` skip when it is not there.
inline std::filesystem::path ExtraData(const std::string& name) {
  return std::filesystem::path(POSENET_EXTRA_DATA_DIR) / name;
}

/// Centres within 1e-6 of a unit and rotations within 1e-4 degrees.
MATCHER_P(PoseNear, expected, "") {
  return Norm(arg.translation_m - expected.translation_m) < 1e-6 &&
         AngleBetweenDeg(arg.rotation, expected.rotation) < 1e-4;
}

/// A pose that shows every mistake with axes, order and direction.
inline RigidPose CrookedPose() {
  return {RotationAbout({1, 2, 3}, 40.0) * RotationAbout({0, 1, 0}, 25.0), {0.5, -1.25, 2.0}};
}

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_TESTING_SCENES_H_
