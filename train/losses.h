// SPDX-License-Identifier: Apache-2.0
// Losses of predicted poses. Positions are in the network's units (CameraSpec: scene = origin + scale * p), rotations
// are unit quaternions base_from_cam.
#ifndef POSENET_TRAIN_LOSSES_H_
#define POSENET_TRAIN_LOSSES_H_

#include <torch/torch.h>

#include <cstdint>
#include <string>

#include "camera/camera_spec.h"
#include "train/loss_options.h"

namespace posenet::train {

/// What a pair of regressors outputs for a batch.
struct PredictedPoses {
  torch::Tensor position;  // [batch, 3]
  torch::Tensor rotation;  // [batch, 4], or [batch, 3] for log quaternions
};

/// The ground truth of a batch.
struct TruePoses {
  torch::Tensor position;  // [batch, 3]
  torch::Tensor rotation;  // [batch, 4]
};

/// The 3D points that each image of a batch observes, for the geometric loss.
struct VisiblePoints {
  torch::Tensor points;  // [batch, count, 3] in the network's units and the base's axes: base^-1 (x - origin) / scale.
  torch::Tensor mask;    // [batch, count]: 1 for a point, 0 for padding.
};

/// Unweighted errors of a batch, each a scalar: the mean over the batch.
struct PoseDistances {
  torch::Tensor position;
  torch::Tensor rotation;
};

/// The norm of both differences. Kendall et al. 2015 use the Euclidean norm; Kendall and Cipolla 2017 found L1 better.
enum class PoseNorm { kL1, kL2 };

/// |x - x'| and |q - q'|, where q is whichever of q and -q is nearer to the prediction q'. Predicted quaternions are
/// normalized first.
PoseDistances Distances(const PredictedPoses& predicted, const TruePoses& truth, camera::RotationParameters parameters,
                        PoseNorm norm);

/// The mean over all points of |u - u'|_1, where u = (x / z, y / z) is the projection into the true and u' that into
/// the predicted camera. `base` is CameraSpec's base rotation [4]. Predicted depths are clamped from below to
/// kMinDepthShare of the true depth, so that points behind the predicted camera still have a gradient; distances are
/// clamped to kMaxProjection.
torch::Tensor ReprojectionLoss(const PredictedPoses& predicted, const TruePoses& truth, const VisiblePoints& visible,
                               const torch::Tensor& base, camera::RotationParameters parameters);
inline constexpr double kMinDepthShare = 0.1;
inline constexpr double kMaxProjection = 5.0;

/// Distances between the true and the predicted motion from each frame to the next within windows of `window`
/// consecutive elements of the batch. The motion from i to j is (R_i^-1 (x_j - x_i), q_i^-1 q_j).
/// Source: Brahmbhatt et al., MapNet, 2018, equation 3, with the motion in the camera's axes.
PoseDistances RelativeDistances(const PredictedPoses& predicted, const TruePoses& truth, const torch::Tensor& base,
                                camera::RotationParameters parameters, std::int64_t window);

/// Weighs position against rotation errors, by a fixed beta or by learned log-variances s_x and s_q.
///
/// Kendall and Cipolla start at s_x = 0 and s_q = -3, which weighs rotations 20 times as much as positions, whatever
/// their errors are. Here s_x and s_q start at the logarithms of the first batch's distances, where their gradients
/// vanish: both terms then begin with equal weight in any scene.
class PoseLossImpl : public torch::nn::Module {
 public:
  explicit PoseLossImpl(const LossOptions& options);

  /// The weighted sum of `distances`. kGeometric is weighed like kLearned, which it warms up with.
  torch::Tensor Weigh(const PoseDistances& distances);
  /// The same for relative poses, with log-variances of their own.
  torch::Tensor WeighRelative(const PoseDistances& distances);

  [[nodiscard]] double s_x() const;
  [[nodiscard]] double s_q() const;
  [[nodiscard]] const LossOptions& options() const { return options_; }

 private:
  struct LogVariances {
    torch::Tensor s_x;
    torch::Tensor s_q;
    torch::Tensor are_initialized;  // A buffer, so that a resumed training does not start them again.
  };
  LogVariances Register(const std::string& prefix);
  static torch::Tensor Uncertain(const PoseDistances& distances, LogVariances& log_variances);

  LossOptions options_;
  LogVariances absolute_;
  LogVariances relative_;
};
TORCH_MODULE(PoseLoss);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_LOSSES_H_
