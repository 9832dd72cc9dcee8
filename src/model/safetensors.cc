// SPDX-License-Identifier: Apache-2.0
#include "model/safetensors.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/json_reader.h"

namespace posenet::model {
namespace {

using nn::DType;

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxHeaderBytes = 100'000'000;  // The limit of the format's reference implementation.
constexpr std::size_t kAlignment = 64;                // A cache line, and the widest vector register.
constexpr const char* kMetadataKey = "__metadata__";

constexpr std::array<std::pair<std::string_view, DType>, 8> kDTypes = {{{"F32", DType::kFloat32},
                                                                        {"F16", DType::kFloat16},
                                                                        {"BF16", DType::kBFloat16},
                                                                        {"U8", DType::kUint8},
                                                                        {"I8", DType::kInt8},
                                                                        {"U16", DType::kUint16},
                                                                        {"I32", DType::kInt32},
                                                                        {"I64", DType::kInt64}}};

std::string_view NameOf(DType dtype) {
  const auto* const found =
      std::find_if(kDTypes.begin(), kDTypes.end(), [&](const auto& entry) { return entry.second == dtype; });
  return found->first;  // The table has every DType.
}

// The text between the length and the data.
Result<std::string_view> FindHeader(std::span<const std::byte> bytes) {
  if (bytes.size() < kLengthBytes) {
    return base::Fail(ErrorCode::kCorruptData, "is ", bytes.size(),
                      " bytes long; expected a safetensors file, which has at least ", kLengthBytes);
  }
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) length |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  if (length > kMaxHeaderBytes) {
    return base::Fail(ErrorCode::kCorruptData, "is not a safetensors file, or its header is longer than ",
                      kMaxHeaderBytes, " bytes");
  }
  if (length > bytes.size() - kLengthBytes) {
    return base::Fail(ErrorCode::kCorruptData, "is truncated: its header is ", length, " bytes long, the file ",
                      bytes.size());
  }
  const std::string_view header(reinterpret_cast<const char*>(bytes.data()) + kLengthBytes,
                                static_cast<std::size_t>(length));
  if (!header.starts_with('{')) {
    return base::Fail(ErrorCode::kCorruptData, "is not a safetensors file: its header does not start with '{'");
  }
  return header;
}

DType ReadDType(const JsonNode& node) {
  const std::string name = node.String();
  for (const auto& [known, dtype] : kDTypes) {
    if (name == known) return dtype;
  }
  node.Note(ErrorCode::kUnsupported, base::StrCat("the type \"", base::Printable(name, 20), "\" is not supported"));
  return DType::kFloat32;
}

// The byte count of a tensor, or nothing if it overflows.
std::optional<std::int64_t> ByteCount(DType dtype, const std::vector<std::int64_t>& shape) {
  auto count = static_cast<std::int64_t>(nn::SizeOf(dtype));
  for (const std::int64_t extent : shape) {
    if (__builtin_mul_overflow(count, extent, &count)) return std::nullopt;
  }
  return count;
}

// Reads a tensor of the header; offsets are relative to `data`.
nn::TensorView ReadTensor(const JsonNode& node, std::span<const std::byte> data) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  node.AllowOnly({"dtype", "shape", "data_offsets"});
  nn::TensorView tensor;
  tensor.dtype = ReadDType(node.Member("dtype"));
  const JsonNode shape = node.Member("shape");
  tensor.shape.resize(shape.ArraySize(0, 32));  // numpy's limit, the highest of any library.
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) tensor.shape[i] = shape.Element(i).Integer(0, kMax);

  const JsonNode offsets = node.Member("data_offsets");
  if (offsets.ArraySize(2, 2) != 2) return tensor;
  const auto end = static_cast<std::size_t>(offsets.Element(1).Integer(0, kMax));
  if (end > data.size()) {
    node.Note(ErrorCode::kCorruptData, base::StrCat("ends at byte ", end, " of the data, but the file has only ",
                                                    data.size(), ": it is truncated"));
    return tensor;
  }
  const auto begin = static_cast<std::size_t>(offsets.Element(0).Integer(0, static_cast<std::int64_t>(end)));
  const std::optional<std::int64_t> byte_count = ByteCount(tensor.dtype, tensor.shape);
  if (!byte_count) {
    shape.Note(ErrorCode::kCorruptData, "the product of the extents overflows");
  } else if (end - begin != static_cast<std::uint64_t>(*byte_count)) {
    offsets.Note(ErrorCode::kCorruptData,
                 base::StrCat("span ", end - begin, " bytes, but the shape needs ", *byte_count));
  }
  tensor.bytes = data.subspan(begin, end - begin);
  return tensor;
}

// Checks that every byte of the data belongs to exactly one tensor, as the format requires.
Result<void> CheckTiling(const nn::TensorMap& tensors, std::span<const std::byte> data) {
  struct Range {
    std::size_t begin;
    std::size_t end;
    const std::string* name;
  };
  std::vector<Range> ranges;
  ranges.reserve(tensors.size());
  for (const auto& [name, tensor] : tensors) {
    const auto begin = static_cast<std::size_t>(tensor.bytes.data() - data.data());
    ranges.push_back({begin, begin + tensor.bytes.size(), &name});
  }
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);  // Empty tensors before others at the same offset.
  });
  std::size_t covered = 0;
  for (const Range& range : ranges) {
    if (range.begin != covered) {
      return base::Fail(
          ErrorCode::kCorruptData, "tensor ", base::Printable(*range.name), " starts at byte ", range.begin,
          range.begin < covered ? ", inside the tensor before it, which ends at " : ", after a gap that starts at ",
          covered);
    }
    covered = range.end;
  }
  if (covered != data.size()) {
    return base::Fail(ErrorCode::kCorruptData, "the last ", data.size() - covered, " bytes belong to no tensor");
  }
  return {};
}

}  // namespace

Result<SafetensorsView> ParseSafetensors(std::span<const std::byte> bytes) {
  POSENET_ASSIGN_OR_RETURN(const std::string_view header, FindHeader(bytes));
  auto document = ParseStrictJson(header);
  if (!document) return base::FailIn(document.error(), "safetensors header");

  SafetensorsView view;
  view.data = bytes.subspan(kLengthBytes + header.size());
  std::optional<Error> error;
  JsonNode(*document, error).ForEachMember([&](const std::string& name, const JsonNode& node) {
    if (name == kMetadataKey) {
      node.ForEachMember([&](const std::string& key, const JsonNode& text) { view.metadata[key] = text.String(); });
    } else {
      view.tensors[name] = ReadTensor(node, view.data);
    }
  });
  if (error) return base::FailIn(*error, "safetensors header");
  POSENET_RETURN_IF_ERROR(CheckTiling(view.tensors, view.data));
  return view;
}

std::vector<std::byte> SerializeSafetensors(const std::map<std::string, std::string>& metadata,
                                            const nn::TensorMap& tensors) {
  nlohmann::ordered_json document = nlohmann::ordered_json::object();
  if (!metadata.empty()) document[kMetadataKey] = metadata;
  std::size_t data_bytes = 0;
  for (const auto& [name, tensor] : tensors) {
    const std::size_t end = data_bytes + tensor.bytes.size();
    document[name] = {{"dtype", NameOf(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {data_bytes, end}}};
    data_bytes = end;
  }
  std::string header = document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const std::size_t unpadded = kLengthBytes + header.size();
  header.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');

  std::vector<std::byte> bytes;
  bytes.reserve(kLengthBytes + header.size() + data_bytes);
  for (std::size_t i = 0; i < kLengthBytes; ++i) bytes.push_back(static_cast<std::byte>(header.size() >> (8 * i)));
  const auto header_bytes = std::as_bytes(std::span(header));
  bytes.insert(bytes.end(), header_bytes.begin(), header_bytes.end());
  for (const auto& [name, tensor] : tensors) bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
  return bytes;
}

}  // namespace posenet::model
