// SPDX-License-Identifier: Apache-2.0
// Attributes of a node of a TensorFlow.js graph: {"strides": {"list": {"i": ["1", "2", "2", "1"]}}, ...}.
#ifndef POSENET_IMPORT_TFJS_ATTRIBUTES_H_
#define POSENET_IMPORT_TFJS_ATTRIBUTES_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Typed access to attributes. For absent ones the caller passes TensorFlow's default.
/// Errors: kCorruptData for an attribute of another type.
class TfjsAttributes {
 public:
  /// `node` (the JSON of a node) outlives this.
  explicit TfjsAttributes(const nlohmann::json& node);

  [[nodiscard]] Result<std::string> String(std::string_view name, std::string_view absent) const;
  [[nodiscard]] Result<std::vector<std::string>> Strings(std::string_view name) const;
  [[nodiscard]] Result<std::vector<int>> Integers(std::string_view name, std::vector<int> absent) const;
  [[nodiscard]] Result<int> Integer(std::string_view name, int absent) const;
  [[nodiscard]] Result<float> Float(std::string_view name, float absent) const;
  [[nodiscard]] Result<bool> Bool(std::string_view name) const;

  /// The extents of a shape, -1 for those that are unknown; empty if the attribute is absent or of unknown rank.
  [[nodiscard]] Result<std::vector<std::int64_t>> Shape(std::string_view name) const;

  /// Strides, dilations, padding and (for pools) the kernel of a sliding window.
  /// Errors: also kUnsupported for windows over batches or channels, and for the layout NCHW.
  [[nodiscard]] Result<nn::Window> Window() const;

 private:
  [[nodiscard]] const nlohmann::json* Find(std::string_view name, std::string_view type) const;

  const nlohmann::json* attributes_;
};

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFJS_ATTRIBUTES_H_
