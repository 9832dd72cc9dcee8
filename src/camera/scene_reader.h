// SPDX-License-Identifier: Apache-2.0
// Scenes from folders, whatever their format.
#ifndef POSENET_CAMERA_SCENE_READER_H_
#define POSENET_CAMERA_SCENE_READER_H_

#include <filesystem>
#include <optional>

#include "camera/scene.h"

namespace posenet::camera {

/// Whether a frame without its image is an error.
enum class Photos {
  kRequired,
  kOptional,  ///< For those who look at poses only.
};

struct ReadSceneOptions {
  std::optional<SceneFormat> format = std::nullopt;  ///< Nothing: recognised by what the folder holds.
  Photos photos = Photos::kRequired;
  /// The share of frames to hold out for testing, in (0, 1), where the data has no test split: HoldOutBlocks. Nothing:
  /// kDefaultHoldout. It is an error to give one for data that has a test split.
  std::optional<double> holdout = std::nullopt;
};

/// The format of the scene at `data`: a folder, or for NeRF and CSV also the file itself.
/// Errors: kNotFound when nothing is there; kUnsupported when it is none of the formats, or looks like two.
Result<SceneFormat> RecogniseFormat(const std::filesystem::path& data);

/// Reads a scene; docs/camera.md says what each format means and what is converted. Every frame that the data lists is
/// in the scene, or a remark says why not. There is at least one frame for training and one for testing.
/// Errors: those of RecogniseFormat; kNotFound for a missing file; kCorruptData naming file and line for whatever is
/// not as the format has it: numbers that are not finite or too few, an empty split, a quaternion of 0, a photo that is
/// listed twice; kInvalidArgument for a holdout outside (0, 1) or one that the data has no need of.
Result<Scene> ReadScene(const std::filesystem::path& data, const ReadSceneOptions& options = {});

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_SCENE_READER_H_
