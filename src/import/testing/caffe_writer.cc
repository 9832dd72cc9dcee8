// SPDX-License-Identifier: Apache-2.0
#include "import/testing/caffe_writer.h"

#include <cstddef>

#include "base/strings.h"
#include "import/testing/torch_writer.h"

namespace posenet::importer {
namespace {

std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value > 0x7F; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

// Shapes of the first version have leading extents of 1.
std::string ShapeFields(CaffeVersion version, const std::vector<std::int64_t>& shape) {
  std::string fields;
  if (version == CaffeVersion::kSecond) {
    for (const std::int64_t extent : shape) fields += Varint(static_cast<std::uint64_t>(extent));
    return ProtoBytes(7, ProtoBytes(1, fields));
  }
  constexpr std::size_t kExtents = 4;
  const std::size_t first = kExtents - shape.size();
  for (std::size_t i = 0; i < kExtents; ++i)
    fields += ProtoInt(static_cast<int>(i) + 1, i < first ? 1 : shape[i - first]);
  return fields;
}

}  // namespace

std::string ProtoInt(int field, std::int64_t value) {
  return base::StrCat(Varint(static_cast<std::uint64_t>(field) << 3), Varint(static_cast<std::uint64_t>(value)));
}

std::string ProtoBytes(int field, std::string_view bytes) {
  return base::StrCat(Varint(static_cast<std::uint64_t>(field) << 3 | 2), Varint(bytes.size()), bytes);
}

std::string CaffeLayer(CaffeVersion version, std::string_view name, const std::vector<CaffeBlob>& blobs) {
  const bool is_first = version == CaffeVersion::kFirst;
  std::string layer =
      base::StrCat(ProtoBytes(is_first ? 4 : 1, name), is_first ? ProtoInt(5, 4) : ProtoBytes(2, "Layer"));
  for (const CaffeBlob& blob : blobs) {
    const std::string fields =
        base::StrCat(ProtoBytes(5, BytesOfNumbers(blob.numbers)), ShapeFields(version, blob.shape));
    layer += ProtoBytes(is_first ? 6 : 7, fields);
  }
  return ProtoBytes(is_first ? 2 : 100, layer);
}

}  // namespace posenet::importer
