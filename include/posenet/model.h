// SPDX-License-Identifier: Apache-2.0
// A network with its weights, loaded from a model file.
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

/// Values of ModelInfo::task.
inline constexpr const char* kHumanTask = "human-pose";    ///< Loads into a PoseEstimator.
inline constexpr const char* kCameraTask = "camera-pose";  ///< Loads into a CameraLocalizer.

/// The metadata of a model file.
struct ModelInfo {
  std::string name;          ///< Such as "mobilenet100".
  std::string architecture;  ///< Such as "MobileNetV1 1.0".
  std::string task;          ///< kHumanTask or kCameraTask.
  int output_stride = 0;     ///< Input pixels per cell of the output maps, before PoseEstimatorOptions change it.
  std::string source;        ///< Origin of the weights.
  std::string license;       ///< License of the weights, an SPDX expression.
  std::int64_t parameter_count = 0;
  int layer_count = 0;
};

/// An immutable network with weights. Copies are cheap: they share one network. Thread-safe.
class Model {
 public:
  /// Memory-maps and validates a PoseNet model file (.safetensors; docs/reference/model-format.md). The file must not
  /// be modified while the model is in use.
  /// Errors: kNotFound, kPermissionDenied, kIo; kCorruptData if the file is damaged or malicious; kUnsupported if it is
  /// a safetensors file without a PoseNet network.
  static Result<Model> Load(const std::filesystem::path& path);

  /// The same for the content of a file, which is copied.
  static Result<Model> Parse(std::span<const std::byte> bytes);

  /// The same, taking ownership of the content.
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
