// SPDX-License-Identifier: Apache-2.0
#include "train/refit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "camera/camera_spec.h"
#include "train/pose_tensors.h"

namespace posenet::train {
namespace {

using torch::Tensor;

// From nearly the least-squares solution to nearly the trained weights, in steps of a factor of about 3.
constexpr std::array<double, 9> kRidges = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0};

// What the regressors read for every training frame, and the poses that they should output.
struct Examples {
  Tensor features_nc;
  Tensor position_n3;
  Tensor rotation_nc;  // Parameters, those nearest to what the network outputs.
};

Examples CollectExamples(TorchNetwork& network, TrainingData& data, std::size_t batch_size, torch::Device device) {
  const std::vector<std::size_t>& frames = data.learning_frames();
  const Tensor rotation_weights = network->OutputWeights(camera::kRotationOutput);
  const Tensor rotation_bias = network->OutputBias(camera::kRotationOutput);
  std::vector<Tensor> all_features;
  std::vector<Tensor> positions;
  std::vector<Tensor> rotations;
  for (std::size_t begin = 0; begin < frames.size(); begin += batch_size) {
    const std::size_t end = std::min(frames.size(), begin + batch_size);
    const Batch batch = OnDevice(data.PlainBatch({frames.begin() + static_cast<std::ptrdiff_t>(begin),
                                                  frames.begin() + static_cast<std::ptrdiff_t>(end)}),
                                 device);
    const Tensor features = network->InputOf(camera::kPositionOutput, batch.input_bchw);
    const Tensor rotation = features.mm(rotation_weights.t()) + rotation_bias;
    all_features.push_back(features.to(torch::kDouble));
    positions.push_back(batch.truth.position.to(torch::kDouble));
    rotations.push_back(NearestParameters(batch.truth.rotation, rotation, data.spec().rotation).to(torch::kDouble));
  }
  return {torch::cat(all_features), torch::cat(positions), torch::cat(rotations)};
}

// One output layer: its parameters, the trained ones, and what these leave to explain.
struct Regressor {
  Regressor(TorchNetwork& network, const std::string& output, const Examples& examples, const Tensor& target)
      : weights(network->OutputWeights(output)), bias(network->OutputBias(output)) {
    trained_weights = weights.detach().clone();
    trained_bias = bias.detach().clone();
    residual =
        target - examples.features_nc.mm(trained_weights.to(torch::kDouble).t()) - trained_bias.to(torch::kDouble);
  }

  // The trained parameters and their error on held-out frames are the ones to beat.
  void Start(double trained_error) {
    best_error = trained_error;
    best_weights = trained_weights;
    best_bias = trained_bias;
  }

  // Keeps the current parameters, fitted with `ridge`, if they have the lowest error so far.
  void KeepIfBest(double ridge, double error) {
    if (!(error < best_error)) return;
    best_ridge = ridge;
    best_error = error;
    best_weights = weights.clone();
    best_bias = bias.clone();
  }

  void UseBest() {
    weights.copy_(best_weights);
    bias.copy_(best_bias);
  }

  Tensor weights;
  Tensor bias;
  Tensor trained_weights;
  Tensor trained_bias;
  Tensor residual;
  Tensor best_weights;
  Tensor best_bias;
  double best_ridge = 0.0;
  double best_error = 0.0;
};

// Ridge regressions of the same features: D^T = (F^T F + r I)^-1 F^T R, or F^T (F F^T + r I)^-1 R, whichever matrix is
// smaller.
class RidgeSolver {
 public:
  explicit RidgeSolver(const Tensor& features_nc)
      : mean_(features_nc.mean(0, /*keepdim=*/true)), centered_(features_nc - mean_) {
    is_dual_ = centered_.size(0) < centered_.size(1);
    gram_ = is_dual_ ? centered_.mm(centered_.t()) : centered_.t().mm(centered_);
    mean_square_ = centered_.square().sum().item<double>() / static_cast<double>(centered_.size(0));
  }

  // Without features that differ between frames there is nothing to fit.
  [[nodiscard]] bool IsSolvable() const { return mean_square_ > 0.0 && std::isfinite(mean_square_); }

  // Fits both regressors with regularization `ridge`.
  void Fit(double ridge, Regressor& position, Regressor& rotation) const {
    const Tensor matrix = gram_ + ridge * mean_square_ * torch::eye(gram_.size(0), gram_.options());
    for (Regressor* const regressor : {&position, &rotation}) {
      const Tensor mean_residual = regressor->residual.mean(0, /*keepdim=*/true);
      const Tensor residual = regressor->residual - mean_residual;
      const Tensor change = is_dual_ ? centered_.t().mm(torch::linalg_solve(matrix, residual))
                                     : torch::linalg_solve(matrix, centered_.t().mm(residual));
      regressor->weights.copy_(regressor->trained_weights + change.t());
      regressor->bias.copy_(regressor->trained_bias + (mean_residual - mean_.mm(change)).squeeze(0));
    }
  }

 private:
  Tensor mean_;
  Tensor centered_;
  bool is_dual_ = false;
  Tensor gram_;
  double mean_square_ = 0.0;
};

}  // namespace

Refit RefitRegressors(TorchNetwork& network, TrainingData& data, std::size_t batch_size, torch::Device device,
                      const std::function<ValidationErrors()>& errors) {
  const torch::NoGradGuard no_grad;
  network->eval();
  const ValidationErrors trained = errors();
  const Examples examples = CollectExamples(network, data, batch_size, device);
  const RidgeSolver solver(examples.features_nc);
  if (!solver.IsSolvable()) return {};
  Regressor position(network, camera::kPositionOutput, examples, examples.position_n3);
  Regressor rotation(network, camera::kRotationOutput, examples, examples.rotation_nc);
  position.Start(trained.position);
  rotation.Start(trained.rotation_deg);
  for (const double ridge : kRidges) {
    solver.Fit(ridge, position, rotation);
    const ValidationErrors fitted = errors();
    position.KeepIfBest(ridge, fitted.position);
    rotation.KeepIfBest(ridge, fitted.rotation_deg);
  }
  position.UseBest();
  rotation.UseBest();
  return {.position_ridge = position.best_ridge, .rotation_ridge = rotation.best_ridge};
}

}  // namespace posenet::train
