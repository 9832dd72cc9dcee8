// SPDX-License-Identifier: Apache-2.0
// Reads scenes of all formats.
#ifndef POSENET_CAMERA_SCENE_READER_H_
#define POSENET_CAMERA_SCENE_READER_H_

#include <filesystem>
#include <optional>

#include "camera/scene.h"

namespace posenet::camera {

/// Whether a frame without its image file is an error.
enum class Photos {
  kRequired,
  kOptional,  ///< If only poses are used.
};

struct ReadSceneOptions {
  std::optional<SceneFormat> format = std::nullopt;  ///< Nothing: recognized by the files in the folder.
  Photos photos = Photos::kRequired;
  /// The share of frames to hold out for testing, in (0, 1), from data without a test split (HoldOutBlocks). Nothing:
  /// kDefaultHoldout. An error for data with a test split.
  std::optional<double> holdout = std::nullopt;
};

/// The format of the scene at `data`: a folder, or for NeRF and CSV also the file itself.
/// Errors: kNotFound when nothing is there; kUnsupported when it is none of the formats, or looks like two.
Result<SceneFormat> RecognizeFormat(const std::filesystem::path& data);

/// Reads a scene; docs/reference/scene-formats.md describes each format and its conversion. Every frame in the data is
/// in the scene, or a remark says why not. There is at least one frame for training and one for testing. Errors: those
/// of RecognizeFormat; kNotFound for a missing file; kCorruptData naming file and line for violations of the format:
/// too few numbers or ones that are not finite, an empty split, a quaternion of length 0, a photo that is listed twice;
/// kInvalidArgument for a holdout outside (0, 1), or for data with a test split.
Result<Scene> ReadScene(const std::filesystem::path& data, const ReadSceneOptions& options = {});

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_SCENE_READER_H_
