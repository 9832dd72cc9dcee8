// SPDX-License-Identifier: Apache-2.0
// Writes Caffe models for tests.
#ifndef POSENET_IMPORT_TESTING_CAFFE_WRITER_H_
#define POSENET_IMPORT_TESTING_CAFFE_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posenet::importer {

/// Fields of protocol buffers, with their tags.
std::string ProtoInt(int field, std::int64_t value);
std::string ProtoBytes(int field, std::string_view bytes);

/// Versions of the format: V1LayerParameter with four extents, or LayerParameter with a shape.
enum class CaffeVersion { kFirst, kSecond };

struct CaffeBlob {
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
};

/// A layer, as a field of the net.
std::string CaffeLayer(CaffeVersion version, std::string_view name, const std::vector<CaffeBlob>& blobs);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TESTING_CAFFE_WRITER_H_
