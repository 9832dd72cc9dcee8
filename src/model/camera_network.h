// SPDX-License-Identifier: Apache-2.0
// Networks that tell from an image where its camera was, and the classifiers that their backbones learn as first.
#ifndef POSENET_MODEL_CAMERA_NETWORK_H_
#define POSENET_MODEL_CAMERA_NETWORK_H_

#include <string_view>

#include "model/backbone.h"
#include "model/camera_spec.h"
#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::model {

/// What turns the features of an image into numbers.
enum class CameraHead {
  kFullyConnected,  ///< Kendall et al. 2015.
  /// Four memories that read the features as a grid, along rows and columns and both ways, and are joined. Walch et
  /// al., Image-based localization using LSTMs for structured feature correlation, 2017.
  kLstm,
};

/// "fc", "lstm".
std::string_view CameraHeadName(CameraHead head);
/// Errors: kInvalidArgument for other names.
Result<CameraHead> CameraHeadOf(std::string_view name);

struct CameraArchitecture {
  Backbone backbone = Backbone::kMobileNet100;
  CameraHead head = CameraHead::kFullyConnected;
  RotationParameters rotation = RotationParameters::kQuaternion;
  /// Above 1, the batch is a sequence of frames, which two memories read both ways before the regressors. Clark et al.,
  /// VidLoc, 2017. The network is the same for any such number.
  int sequence_length = 1;
  int feature_count = 2048;
  int hidden = 256;  // Of each memory.
  float dropout = 0.5F;
  /// Above 0, the features keep their place in the image: instead of being averaged they are squeezed to so many
  /// channels by a 1x1 convolution. Such networks are for one size of image.
  int grid_channels = 0;
};

/// Whether a GoogLeNet has the two towers that help it learn and are not part of its answer. Other backbones have none.
enum class Auxiliary { kLeaveOut, kInclude };

/// The network of `architecture`, with outputs kPositionOutput, kRotationOutput and kFeaturesOutput (what layer
/// "head/fc" makes); and of the towers "aux1/position", "aux1/rotation", "aux2/position" and "aux2/rotation". Dropout
/// is part of it, for training and for sampling.
///
/// Layers are "head/squeeze" (of grids) or "head/pool", "head/fc", "head/rows_forward", "head/rows_reverse",
/// "head/columns_forward", "head/columns_reverse" and "head/memory" (their results joined) of kLstm,
/// "head/frames_forward", "head/frames_reverse" and "head/frames" of sequences, "head/dropout", "head/position" and
/// "head/rotation"; the grid that memories read has as many rows as the largest power of two whose square is at most
/// feature_count, which they must divide. Towers are "aux1/pool" (5x5, moving by 3, rounded up: maps have at least 3x3
/// cells, which images of 48 pixels give), "aux1/conv", "aux1/fc" and then called as the head's; they have no
/// "frames".
/// Numbers of the architecture must be in the ranges that nn::InferShapes demands.
nn::Network CameraNetwork(const CameraArchitecture& architecture, Auxiliary auxiliary);

/// The output of ClassifierNetwork.
inline constexpr const char* kLogitsOutput = "logits";

/// `backbone` as the classifier that it was published as: the mean over the map, dropout as its authors had it, and a
/// layer "classifier" of `class_count` numbers, kLogitsOutput; towers answer "aux1/logits" and "aux2/logits".
nn::Network ClassifierNetwork(Backbone backbone, int class_count, Auxiliary auxiliary);

}  // namespace posenet::model

#endif  // POSENET_MODEL_CAMERA_NETWORK_H_
