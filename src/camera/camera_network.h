// SPDX-License-Identifier: Apache-2.0
// Architectures of camera networks (a backbone and a head), and the classifiers on which backbones are pretrained.
#ifndef POSENET_CAMERA_CAMERA_NETWORK_H_
#define POSENET_CAMERA_CAMERA_NETWORK_H_

#include <string_view>

#include "camera/camera_spec.h"
#include "model/backbone.h"
#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::camera {

/// The layers between the backbone and the regressors.
enum class CameraHead {
  kFullyConnected,  ///< Kendall et al. 2015.
  /// Four LSTMs that read the features as a grid, along rows and columns in both directions, concatenated. Walch et
  /// al., Image-based localization using LSTMs for structured feature correlation, 2017.
  kLstm,
};

/// "fc", "lstm".
std::string_view CameraHeadName(CameraHead head);
/// The head of that name. Errors: kInvalidArgument for other names.
Result<CameraHead> CameraHeadOf(std::string_view name);

struct CameraArchitecture {
  model::Backbone backbone = model::Backbone::kMobileNet100;
  CameraHead head = CameraHead::kFullyConnected;
  RotationParameters rotation = RotationParameters::kQuaternion;
  /// Above 1, the batch is a sequence of frames, which two LSTMs read in both directions before the regressors. Clark
  /// et al., VidLoc, 2017. The network is the same for all lengths above 1.
  int sequence_length = 1;
  int feature_count = 2048;
  int hidden = 256;  ///< Units of each LSTM.
  float dropout = 0.5F;
  /// Above 0, the backbone's feature map is not averaged but reduced to this many channels by a 1x1 convolution, so
  /// that features keep their position. Such a network is for one image size.
  int grid_channels = 0;
};

/// Whether a GoogLeNet has its two auxiliary towers, which are used in training only. Other backbones have none.
enum class Auxiliary { kLeaveOut, kInclude };

/// The network of `architecture`, with outputs kPositionOutput, kRotationOutput and kFeaturesOutput (the
/// output of layer "head/fc"); and of the towers "aux1/position", "aux1/rotation", "aux2/position" and "aux2/rotation".
/// Dropout is included, for training and for sampling.
///
/// Layers are "head/squeeze" (of grids) or "head/pool", "head/fc", "head/rows_forward", "head/rows_reverse",
/// "head/columns_forward", "head/columns_reverse" and "head/memory" (their concatenation) of kLstm,
/// "head/frames_forward", "head/frames_reverse" and "head/frames" of sequences, "head/dropout", "head/position" and
/// "head/rotation"; the number of rows of the grid that LSTMs read is the largest power of two whose square is at most
/// feature_count; it must divide feature_count. Towers are "aux1/pool" (5x5, stride 3, rounded up: needs maps of 3x3
/// cells, that is images of 48 pixels), "aux1/conv", "aux1/fc" and then as in the head, without "frames".
/// Precondition: nn::InferShapes accepts the numbers of the architecture.
nn::Network CameraNetwork(const CameraArchitecture& architecture, Auxiliary auxiliary);

/// The output of ClassifierNetwork.
inline constexpr const char* kLogitsOutput = "logits";

/// `backbone` with its original classifier: global average pooling, dropout as published, and a layer "classifier" of
/// `class_count` units, kLogitsOutput; outputs of the towers are "aux1/logits" and "aux2/logits".
nn::Network ClassifierNetwork(model::Backbone backbone, int class_count, Auxiliary auxiliary);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_CAMERA_NETWORK_H_
