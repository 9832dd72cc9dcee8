// SPDX-License-Identifier: Apache-2.0
#include "import/caffe_file.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "import/proto_reader.h"

namespace posenet::importer {
namespace {

using Bytes = std::span<const std::byte>;

// Field numbers of the schema.
constexpr std::uint32_t kNetLayersV1 = 2;
constexpr std::uint32_t kNetLayer = 100;

struct LayerSchema {
  std::uint32_t name;
  std::uint32_t blobs;
};
constexpr LayerSchema kLayerV1 = {.name = 4, .blobs = 6};
constexpr LayerSchema kLayerV2 = {.name = 1, .blobs = 7};

constexpr std::uint32_t kBlobLastOldExtent = 4;  // num, channels, height and width are 1 to 4.
constexpr std::uint32_t kBlobData = 5;
constexpr std::uint32_t kBlobShape = 7;
constexpr std::uint32_t kBlobDoubleData = 8;
constexpr std::uint32_t kShapeDim = 1;

constexpr std::size_t kMaxBlobRank = 32;  // kMaxBlobAxes of Caffe.
constexpr std::int64_t kMaxExtent = std::int64_t{1} << 31;

class CaffeReader {
 public:
  Result<SourceTensors> Read(Bytes bytes);

 private:
  Result<void> ReadLayer(Bytes bytes, const LayerSchema& schema);
  Result<nn::TensorView> ReadBlob(Bytes bytes);
  // Appends numbers to the blob.
  Result<void> AppendData(Bytes numbers, nn::TensorView& blob);

  SourceTensors read_;
  std::size_t copied_bytes_ = 0;
};

Result<void> AppendExtent(std::uint64_t extent, std::vector<std::int64_t>& shape) {
  if (extent > static_cast<std::uint64_t>(kMaxExtent) || shape.size() >= kMaxBlobRank) {
    return base::Fail(ErrorCode::kCorruptData, "its shape is out of range");
  }
  shape.push_back(static_cast<std::int64_t>(extent));
  return {};
}

Result<std::vector<std::int64_t>> ReadShape(Bytes bytes) {
  std::vector<std::int64_t> shape;
  ProtoReader reader(bytes);
  for (;;) {
    POSENET_ASSIGN_OR_RETURN(const std::optional<ProtoField> field, reader.Next());
    if (!field) return shape;
    if (field->number != kShapeDim) continue;
    if (field->type == ProtoType::kVarint) {
      POSENET_RETURN_IF_ERROR(AppendExtent(field->value, shape));
    }
    for (ByteCursor packed(field->bytes); field->type == ProtoType::kBytes && packed.remaining() > 0;) {
      POSENET_ASSIGN_OR_RETURN(const std::uint64_t extent, ProtoReader::TakeVarint(packed));
      POSENET_RETURN_IF_ERROR(AppendExtent(extent, shape));
    }
  }
}

// Contiguous numbers are referred to in place. Those in several pieces, one number each at worst, are collected in the
// last copy.
Result<void> CaffeReader::AppendData(Bytes numbers, nn::TensorView& blob) {
  if (blob.bytes.empty()) {
    blob.bytes = numbers;
    return {};
  }
  const bool is_last = !read_.copies.empty() && blob.bytes.data() == read_.copies.back().data();
  const std::size_t added = numbers.size() + (is_last ? 0 : blob.bytes.size());
  if (added > kMaxCopiedBytes - copied_bytes_) {
    return base::Fail(ErrorCode::kResourceExhausted, "more than ", kMaxCopiedBytes,
                      " bytes of blobs that are not contiguous");
  }
  copied_bytes_ += added;
  if (!is_last) read_.copies.emplace_back(blob.bytes.begin(), blob.bytes.end());
  std::vector<std::byte>& copy = read_.copies.back();
  copy.insert(copy.end(), numbers.begin(), numbers.end());
  blob.bytes = copy;
  return {};
}

Result<nn::TensorView> CaffeReader::ReadBlob(Bytes bytes) {
  nn::TensorView blob;
  std::array<std::uint64_t, kBlobLastOldExtent> old_shape = {};
  std::optional<std::vector<std::int64_t>> shape;
  ProtoReader reader(bytes);
  for (;;) {
    POSENET_ASSIGN_OR_RETURN(const std::optional<ProtoField> field, reader.Next());
    if (!field) break;
    if (field->number <= kBlobLastOldExtent && field->type == ProtoType::kVarint) {
      old_shape[field->number - 1] = field->value;
    } else if (field->number == kBlobData && field->type != ProtoType::kVarint) {
      POSENET_RETURN_IF_ERROR(AppendData(field->bytes, blob));
    } else if (field->number == kBlobShape && field->type == ProtoType::kBytes) {
      POSENET_ASSIGN_OR_RETURN(shape, ReadShape(field->bytes));
    } else if (field->number == kBlobDoubleData) {
      return base::Fail(ErrorCode::kUnsupported, "its numbers are doubles; expected floats");
    }
  }
  if (!shape) {
    shape.emplace();
    for (const std::uint64_t extent : old_shape) POSENET_RETURN_IF_ERROR(AppendExtent(extent, *shape));
  }
  blob.shape = *std::move(shape);
  const std::int64_t count = blob.ElementCount();
  if (blob.bytes.size() % sizeof(float) != 0 ||
      static_cast<std::uint64_t>(count) != blob.bytes.size() / sizeof(float)) {
    return base::Fail(ErrorCode::kCorruptData, "has ", blob.bytes.size(), " bytes of numbers; its shape has ", count,
                      " elements");
  }
  return blob;
}

Result<void> CaffeReader::ReadLayer(Bytes bytes, const LayerSchema& schema) {
  std::string_view name;
  std::vector<Bytes> blobs;
  ProtoReader reader(bytes);
  for (;;) {
    POSENET_ASSIGN_OR_RETURN(const std::optional<ProtoField> field, reader.Next());
    if (!field) break;
    if (field->type != ProtoType::kBytes) continue;
    if (field->number == schema.name) {
      name = {reinterpret_cast<const char*>(field->bytes.data()), field->bytes.size()};
    } else if (field->number == schema.blobs) {
      blobs.push_back(field->bytes);
    }
  }
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    auto blob = ReadBlob(blobs[i]);
    if (!blob) return base::FailIn(blob.error(), "blob ", i, " of layer ", base::Printable(name));
    if (!read_.tensors.emplace(base::StrCat(name, "/", i), *std::move(blob)).second) {
      return base::Fail(ErrorCode::kCorruptData, "two layers with weights are called ", base::Printable(name));
    }
  }
  return {};
}

Result<SourceTensors> CaffeReader::Read(Bytes bytes) {
  ProtoReader reader(bytes);
  for (;;) {
    auto field = reader.Next();
    if (!field) return base::FailIn(field.error(), "is not a Caffe model, or damaged");
    if (!*field) return std::move(read_);
    if ((*field)->type != ProtoType::kBytes) continue;
    if ((*field)->number == kNetLayersV1) {
      POSENET_RETURN_IF_ERROR(ReadLayer((*field)->bytes, kLayerV1));
    } else if ((*field)->number == kNetLayer) {
      POSENET_RETURN_IF_ERROR(ReadLayer((*field)->bytes, kLayerV2));
    }
  }
}

}  // namespace

bool MayBeCaffe(Bytes bytes) {
  const auto first = ProtoReader(bytes).Next();
  constexpr std::uint32_t kLastFieldOfFirstVersion = 8;
  return first && *first && (*first)->type == ProtoType::kBytes &&
         ((*first)->number <= kLastFieldOfFirstVersion || (*first)->number == kNetLayer);
}

Result<SourceTensors> ReadCaffeFile(Bytes bytes) { return CaffeReader().Read(bytes); }

}  // namespace posenet::importer
