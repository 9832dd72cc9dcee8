// SPDX-License-Identifier: Apache-2.0
// Short layer names from the long ones that converters write.
#ifndef POSENET_IMPORT_NAMES_H_
#define POSENET_IMPORT_NAMES_H_

#include <string>
#include <string_view>

namespace posenet::importer {

/// The name of a layer with weights: without leading scopes of networks and trailing operations.
/// "MobilenetV1/MobilenetV1/Conv2d_3_depthwise/BatchNorm/batchnorm/add_1/conv" is "Conv2d_3_depthwise". Never empty,
/// always printable.
std::string WeightedLayerName(std::string_view source_name);

/// The name of any other layer: without leading scopes of networks.
std::string PlainLayerName(std::string_view source_name);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_NAMES_H_
