// SPDX-License-Identifier: Apache-2.0
// Coral's custom operation that decodes poses in a TFLite model.
#ifndef POSENET_IMPORT_CORAL_DECODER_H_
#define POSENET_IMPORT_CORAL_DECODER_H_

#include <cstddef>
#include <span>

#include "import/graph.h"
#include "posenet/result.h"

namespace posenet::importer {

/// The operation's parameters from its custom options, a flexbuffer map.
/// Errors: kCorruptData for other bytes, and for parameters that are missing or out of range.
/// Source: libcoral, pose_estimation/posenet_decoder_op.cc Init.
Result<EmbeddedDecoder> ReadCoralDecoder(std::span<const std::byte> custom_options);

/// The decoder for Coral's models without the operation: with the parameters that are in all of Coral's models with it.
model::DecoderSpec DefaultCoralDecoder();

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_CORAL_DECODER_H_
