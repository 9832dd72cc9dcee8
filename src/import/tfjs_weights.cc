// SPDX-License-Identifier: Apache-2.0
#include "import/tfjs_weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "model/json_reader.h"
#include "nn/graph/weights.h"

namespace posenet::importer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxWeightBytes = std::size_t{1} << 30;
constexpr std::size_t kMaxEntries = std::size_t{1} << 16;
constexpr std::size_t kMaxRank = 8;

enum class Stored { kFloat32, kFloat16, kUint8, kUint16, kInt32, kBool };
enum class Meant { kFloat, kInteger };

constexpr std::array<std::pair<std::string_view, Stored>, 3> kPlainTypes = {
    {{"float32", Stored::kFloat32}, {"int32", Stored::kInt32}, {"bool", Stored::kBool}}};
constexpr std::array<std::pair<std::string_view, Stored>, 3> kQuantizedTypes = {
    {{"float16", Stored::kFloat16}, {"uint8", Stored::kUint8}, {"uint16", Stored::kUint16}}};

std::size_t SizeOf(Stored stored) {
  switch (stored) {
    case Stored::kUint8:
    case Stored::kBool:
      return 1;
    case Stored::kUint16:
    case Stored::kFloat16:
      return 2;
    case Stored::kFloat32:
    case Stored::kInt32:
      return 4;
  }
  return 4;
}

// A tensor of the manifest. The value of an integer q is q * scale + min.
struct Entry {
  std::string name;
  std::vector<std::int64_t> shape;
  Stored stored = Stored::kFloat32;
  Meant meant = Meant::kFloat;
  double scale = 1.0;
  double min = 0.0;
  std::size_t element_count = 1;

  [[nodiscard]] std::size_t ByteCount() const { return element_count * SizeOf(stored); }
};

struct Group {
  std::vector<std::string> paths;
  std::vector<Entry> entries;
  std::size_t byte_count = 0;
};

// A double, because scales are multiplied by up to 65535.
double ReadDouble(const nlohmann::json& object, const model::JsonNode& node, std::string_view key) {
  const auto member = object.find(key);
  if (member != object.end() && member->is_number()) return member->get<double>();
  node.Member(key).Expected("a number");
  return 0.0;
}

void ReadQuantization(const nlohmann::json& json, const model::JsonNode& node, Entry& entry) {
  entry.stored = node.Member("dtype").Choice<Stored>(kQuantizedTypes);
  if (entry.stored == Stored::kFloat16) return;
  entry.scale = ReadDouble(json, node, "scale");
  entry.min = ReadDouble(json, node, "min");
}

Entry ReadEntry(const nlohmann::json& json, const model::JsonNode& node) {
  Entry entry;
  entry.name = node.Member("name").String();
  const model::JsonNode shape = node.Member("shape");
  const std::size_t rank = shape.ArraySize(0, kMaxRank);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t extent = shape.Element(i).Integer(0, std::numeric_limits<std::int32_t>::max());
    entry.shape.push_back(extent);
    // At most 2^30 before and 2^31 now: no overflow.
    entry.element_count = std::min(entry.element_count * static_cast<std::size_t>(extent), kMaxWeightBytes);
  }
  entry.stored = node.Member("dtype").Choice<Stored>(kPlainTypes);
  entry.meant = entry.stored == Stored::kFloat32 ? Meant::kFloat : Meant::kInteger;
  if (const auto quantization = json.find("quantization"); quantization != json.end()) {
    ReadQuantization(*quantization, node.Member("quantization"), entry);
  }
  return entry;
}

Result<Group> ReadGroup(const nlohmann::json& json, const model::JsonNode& node) {
  Group group;
  const model::JsonNode paths = node.Member("paths");
  const std::size_t path_count = paths.ArraySize(0, kMaxEntries);
  for (std::size_t i = 0; i < path_count; ++i) group.paths.push_back(paths.Element(i).String());
  const model::JsonNode weights = node.Member("weights");
  const std::size_t entry_count = weights.ArraySize(0, kMaxEntries);
  for (std::size_t i = 0; i < entry_count; ++i) {
    group.entries.push_back(ReadEntry(json["weights"][i], weights.Element(i)));
    group.byte_count += group.entries.back().ByteCount();
    if (group.byte_count >= kMaxWeightBytes) {
      return base::Fail(ErrorCode::kResourceExhausted, "weightsManifest lists more than ", kMaxWeightBytes, " bytes");
    }
  }
  return group;
}

// `path` in `folder`. Errors: it is outside of it.
Result<fs::path> ResolveShard(const fs::path& folder, const std::string& path) {
  const fs::path relative(path);
  const bool climbs = std::find(relative.begin(), relative.end(), fs::path("..")) != relative.end();
  if (path.empty() || relative.is_absolute() || climbs || path.find('\0') != std::string::npos) {
    return base::Fail(ErrorCode::kCorruptData, "weightsManifest: the shard path ", base::Printable(path),
                      " does not stay in the model's folder");
  }
  return folder / relative;
}

Result<std::size_t> ShardSize(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    return base::Fail(ErrorCode::kNotFound, base::Printable(path.string()), ": the weights file is missing");
  }
  if (!fs::is_regular_file(status)) {
    return base::Fail(ErrorCode::kCorruptData, base::Printable(path.string()),
                      ": the weights file is not a regular file");
  }
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return base::Fail(ErrorCode::kIo, base::Printable(path.string()), ": ", error.message());
  return static_cast<std::size_t>(std::min<std::uintmax_t>(size, kMaxWeightBytes));
}

// The bytes of a group, after a check that the files are as long as its tensors.
Result<std::vector<std::byte>> ReadShards(const Group& group, const fs::path& folder) {
  std::vector<std::pair<fs::path, std::size_t>> shards;
  std::size_t total = 0;
  for (const std::string& name : group.paths) {
    POSENET_ASSIGN_OR_RETURN(fs::path path, ResolveShard(folder, name));
    POSENET_ASSIGN_OR_RETURN(const std::size_t size, ShardSize(path));
    total += size;
    shards.emplace_back(std::move(path), size);
  }
  if (total != group.byte_count) {
    const std::string which = shards.size() == 1
                                  ? base::Printable(shards[0].first.string()) + " is"
                                  : base::StrCat("the ", shards.size(), " weights files of one group are");
    return base::Fail(ErrorCode::kCorruptData, which, " ", total, " bytes long, the manifest expects ",
                      group.byte_count);
  }
  std::vector<std::byte> bytes;
  bytes.reserve(total);
  for (const auto& [path, size] : shards) {
    POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> shard, base::ReadFile(path, size));
    bytes.insert(bytes.end(), shard.begin(), shard.end());
  }
  if (bytes.size() != group.byte_count) return base::Fail(ErrorCode::kIo, "weights files changed while they were read");
  return bytes;
}

template <typename T>
T Load(std::span<const std::byte> bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

// The stored integer at `index`.
double LoadInteger(Stored stored, std::span<const std::byte> bytes, std::size_t index) {
  switch (stored) {
    case Stored::kUint16:
      return Load<std::uint16_t>(bytes, index);
    case Stored::kInt32:
      return Load<std::int32_t>(bytes, index);
    default:
      return Load<std::uint8_t>(bytes, index);
  }
}

// q * scale + min in float32 arithmetic, rounded after each step, as in the converter that quantizes. This matters:
// small weights of a filter are differences of numbers up to 100 times as large, and rounding once (as TensorFlow.js
// does) changes the outputs of MobileNetV1 1.0 by up to 0.07. Products of 16 and 24 bits, and sums of floats, are exact
// or correctly rounded by way of double, which no compiler may contract to a fused operation.
float Dequantize(double q, const Entry& entry) {
  const double product = static_cast<float>(q * static_cast<double>(static_cast<float>(entry.scale)));
  return static_cast<float>(product + static_cast<double>(static_cast<float>(entry.min)));
}

Result<Constant> DecodeIntegers(const Entry& entry, std::span<const std::byte> bytes) {
  Constant constant;
  constant.shape = entry.shape;
  for (std::size_t i = 0; i < entry.element_count; ++i) {
    const double q = LoadInteger(entry.stored, bytes, i);
    if (entry.meant == Meant::kFloat) {
      constant.floats.push_back(Dequantize(q, entry));
      if (std::isfinite(constant.floats.back())) continue;
    } else {
      const double value = std::round(q * entry.scale + entry.min);
      if (value >= -0x1p31 && value < 0x1p31) {
        constant.ints.push_back(static_cast<std::int32_t>(value));
        continue;
      }
    }
    return base::Fail(ErrorCode::kCorruptData, "weights ", base::Printable(entry.name), ": element ", i,
                      " is out of range");
  }
  return constant;
}

Result<Constant> Decode(const Entry& entry, std::span<const std::byte> bytes) {
  const bool is_float = entry.stored == Stored::kFloat32 || entry.stored == Stored::kFloat16;
  if (!is_float) return DecodeIntegers(entry, bytes);
  const nn::DType dtype = entry.stored == Stored::kFloat32 ? nn::DType::kFloat32 : nn::DType::kFloat16;
  auto floats = nn::ToFloat({dtype, entry.shape, bytes});
  if (!floats) return base::FailIn(floats.error(), "weights ", base::Printable(entry.name));
  return Constant{entry.shape, *std::move(floats), {}};
}

Result<void> DecodeGroup(const Group& group, const fs::path& folder, ConstantMap& constants) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> bytes, ReadShards(group, folder));
  std::span<const std::byte> rest = bytes;
  for (const Entry& entry : group.entries) {
    POSENET_ASSIGN_OR_RETURN(Constant constant, Decode(entry, rest.first(entry.ByteCount())));
    rest = rest.subspan(entry.ByteCount());
    const bool is_new = constants.emplace(entry.name, std::make_shared<Constant>(std::move(constant))).second;
    if (!is_new)
      return base::Fail(ErrorCode::kCorruptData, "weightsManifest lists ", base::Printable(entry.name), " twice");
  }
  return {};
}

}  // namespace

Result<ConstantMap> ReadTfjsWeights(const nlohmann::json& manifest, const fs::path& folder) {
  std::optional<Error> error;
  const model::JsonNode node(manifest, error);
  std::vector<Group> groups;
  std::size_t byte_count = 0;
  const std::size_t group_count = node.ArraySize(0, kMaxEntries);
  for (std::size_t i = 0; i < group_count && !error; ++i) {
    POSENET_ASSIGN_OR_RETURN(Group group, ReadGroup(manifest[i], node.Element(i)));
    byte_count += group.byte_count;
    groups.push_back(std::move(group));
    if (byte_count >= kMaxWeightBytes) {
      return base::Fail(ErrorCode::kResourceExhausted, "weightsManifest lists more than ", kMaxWeightBytes, " bytes");
    }
  }
  if (error) return base::FailIn(*error, "weightsManifest");
  ConstantMap constants;
  for (const Group& group : groups) POSENET_RETURN_IF_ERROR(DecodeGroup(group, folder, constants));
  return constants;
}

}  // namespace posenet::importer
