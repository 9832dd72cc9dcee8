// SPDX-License-Identifier: Apache-2.0
// A network with its weights, loaded from a file.
#ifndef POSENET_MODEL_H_
#define POSENET_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "posenet/result.h"

namespace posenet {

namespace internal {
struct ModelAccess;
}

/// Tasks of models: ModelInfo::task.
inline constexpr const char* kHumanTask = "human-pose";    ///< For PoseEstimator.
inline constexpr const char* kCameraTask = "camera-pose";  ///< For CameraLocalizer.

/// What a model file says of itself.
struct ModelInfo {
  std::string name;          ///< Such as "mobilenet100".
  std::string architecture;  ///< Such as "MobileNetV1 1.0".
  std::string task;          ///< kHumanTask or kCameraTask.
  int output_stride = 0;     ///< Input pixels per cell of the output maps, as the file was made.
  std::string source;        ///< Where the weights come from.
  std::string license;       ///< SPDX expression of the weights' licence.
  std::int64_t parameter_count = 0;
  int layer_count = 0;
};

/// An immutable network with weights. Copies are cheap and share one model; all members may be called from any thread.
class Model {
 public:
  /// Maps a PoseNet model file (.safetensors; docs/model-format.md) into memory and checks it.
  /// Errors: kNotFound, kPermissionDenied, kIo; kCorruptData when the file is damaged or hostile; kUnsupported when it
  /// is a safetensors file without a PoseNet network.
  static Result<Model> Load(const std::filesystem::path& path);

  /// The same for a file already in memory; the bytes are copied.
  static Result<Model> Parse(std::span<const std::byte> bytes);

  /// The same without a copy: keeps the bytes.
  static Result<Model> Parse(std::vector<std::byte>&& bytes);

  [[nodiscard]] const ModelInfo& info() const;

 private:
  friend struct internal::ModelAccess;
  struct Impl;
  explicit Model(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_MODEL_H_
