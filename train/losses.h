// SPDX-License-Identifier: Apache-2.0
// What training minimises. Positions are in the network's units (CameraSpec: scene = origin + scale * p), rotations
// unit quaternions base_from_cam.
#ifndef POSENET_TRAIN_LOSSES_H_
#define POSENET_TRAIN_LOSSES_H_

#include <torch/torch.h>

#include <cstdint>

#include "camera/camera_spec.h"
#include "train/loss_options.h"

namespace posenet::train {

/// What a pair of regressors answers for a batch.
struct PredictedPoses {
  torch::Tensor position;  // [batch, 3]
  torch::Tensor rotation;  // [batch, 4], or [batch, 3] for log quaternions
};

/// What is true.
struct TruePoses {
  torch::Tensor position;  // [batch, 3]
  torch::Tensor rotation;  // [batch, 4]
};

/// 3D points that each photo of a batch shows, for the geometric loss.
struct VisiblePoints {
  torch::Tensor points;  // [batch, count, 3] in the network's units and the base's axes: base^-1 (x - origin) / scale.
  torch::Tensor mask;    // [batch, count]: 1 where there is a point, 0 for filling.
};

/// Errors of a batch by themselves, each a scalar: the mean over the batch.
struct PoseDistances {
  torch::Tensor position;
  torch::Tensor rotation;
};

/// The norm of both differences. Kendall et al. 2015 take the Euclidean one; L1 was found best in 2017.
enum class PoseNorm { kL1, kL2 };

/// |x - x'| and |q - q'| of parameters, q being the one of q and -q that is nearer to q'. Predicted quaternions are
/// normalised first.
PoseDistances Distances(const PredictedPoses& predicted, const TruePoses& truth, camera::RotationParameters parameters,
                        PoseNorm norm);

/// The mean over the points of |u - u'|_1, u = (x / z, y / z) seen from the true and the predicted camera. `base` is
/// CameraSpec's base rotation [4]. Depths count as at least kMinDepthShare of the true one, so that a point that the
/// predicted camera has behind it still pulls; a distance counts at most kMaxProjection.
torch::Tensor ReprojectionLoss(const PredictedPoses& predicted, const TruePoses& truth, const VisiblePoints& visible,
                               const torch::Tensor& base, camera::RotationParameters parameters);
inline constexpr double kMinDepthShare = 0.1;
inline constexpr double kMaxProjection = 5.0;

/// Distances between the motions from each frame to the next, true and predicted: windows of `window` frames, one
/// behind the other in the batch. The motion of (i, j) is (R_i^-1 (x_j - x_i), q_i^-1 q_j).
/// Source: Brahmbhatt et al., MapNet, 2018, equation 3, with the motion in the camera's axes.
PoseDistances RelativeDistances(const PredictedPoses& predicted, const TruePoses& truth, const torch::Tensor& base,
                                camera::RotationParameters parameters, std::int64_t window);

/// A loss with what it learns itself: s_x and s_q, and those of the relative term.
class PoseLossImpl : public torch::nn::Module {
 public:
  explicit PoseLossImpl(const LossOptions& options);

  /// Weighs distances. kGeometric weighs as kLearned: it is what it warms up with.
  torch::Tensor Weigh(const PoseDistances& distances);
  /// The same for the relative term.
  torch::Tensor WeighRelative(const PoseDistances& distances);

  [[nodiscard]] double s_x() const;
  [[nodiscard]] double s_q() const;
  [[nodiscard]] const LossOptions& options() const { return options_; }

 private:
  [[nodiscard]] torch::Tensor Uncertain(const PoseDistances& distances, const torch::Tensor& s_x,
                                        const torch::Tensor& s_q) const;

  LossOptions options_;
  torch::Tensor s_x_;
  torch::Tensor s_q_;
  torch::Tensor relative_s_x_;
  torch::Tensor relative_s_q_;
};
TORCH_MODULE(PoseLoss);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_LOSSES_H_
