// SPDX-License-Identifier: Apache-2.0
// One network for people, and estimators of it for what requests ask for.
#ifndef POSENET_SERVER_ESTIMATOR_SET_H_
#define POSENET_SERVER_ESTIMATOR_SET_H_

#include <list>
#include <memory>
#include <mutex>

#include "human_query.h"
#include "posenet/human.h"
#include "posenet/model.h"
#include "posenet/result.h"

namespace posenet::server {

/// The estimator that the server was started with, shared by all workers, and the few that were last made for requests
/// with another decoder or other numbers for it: an estimator's options are its own for good. Any number of threads.
class EstimatorSet {
 public:
  /// Most estimators beside the first. Each has weights and working memory of its own, so it is not for clients to say
  /// how many there are.
  static constexpr std::size_t kMaxVariants = 4;

  EstimatorSet(Model model, PoseEstimator estimator);

  /// An estimator that decodes as `request` asks. Positions are not mirrored, whatever it asks.
  /// Errors: those of PoseEstimator::Create.
  Result<std::shared_ptr<const PoseEstimator>> For(const HumanRequest& request);

  [[nodiscard]] const Model& model() const { return model_; }
  /// Those of the first estimator.
  [[nodiscard]] const PoseEstimatorOptions& options() const { return first_->options(); }

 private:
  Model model_;
  std::shared_ptr<const PoseEstimator> first_;
  std::mutex mutex_;
  std::list<std::shared_ptr<const PoseEstimator>> variants_;  // Last used first.
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_ESTIMATOR_SET_H_
