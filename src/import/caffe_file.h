// SPDX-License-Identifier: Apache-2.0
// Weights of Caffe (.caffemodel), which are a protocol buffer. Source: BVLC Caffe, src/caffe/proto/caffe.proto
// (NetParameter, LayerParameter, V1LayerParameter, BlobProto).
#ifndef POSENET_IMPORT_CAFFE_FILE_H_
#define POSENET_IMPORT_CAFFE_FILE_H_

#include <cstddef>
#include <span>

#include "import/source_tensors.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Whether `bytes` may be a NetParameter, judged by the first field: protocol buffers have no magic number.
bool MayBeCaffe(std::span<const std::byte> bytes);

/// The blobs of all layers, as "<layer>/0", "<layer>/1", ...: weights [out, in, rows, columns] and biases,
/// [1, 1, 1, out] in older files. Supports the layers of both versions of the format. `bytes` must outlive the
/// result. Errors: kCorruptData for damaged files, blobs whose shape does not match their numbers, and layers with
/// blobs that share a name; kResourceExhausted for more than kMaxCopiedBytes of blobs that are not contiguous.
Result<SourceTensors> ReadCaffeFile(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_CAFFE_FILE_H_
