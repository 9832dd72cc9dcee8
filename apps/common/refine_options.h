// SPDX-License-Identifier: Apache-2.0
// The options of everything that refines human poses by a second network.
#ifndef POSENET_COMMON_REFINE_OPTIONS_H_
#define POSENET_COMMON_REFINE_OPTIONS_H_

#include <memory>
#include <string>

#include "posenet/human.h"
#include "posenet/refine.h"

namespace CLI {
class App;
}

namespace posenet::app {

/// Names or files of models; empty means none.
struct RefineOptions {
  std::string refine;
  std::string proposals;
};

/// Adds --refine and --proposals. `options` must outlive parsing.
void AddRefineOptions(CLI::App& app, RefineOptions& options);

/// The refiner that `options` name, or null, with the precision and threads of `estimator`. Throws CommandError like
/// CreateEngine.
std::shared_ptr<const PersonRefiner> CreateRefiner(const RefineOptions& options, Precision precision,
                                                   const PoseEstimatorOptions& estimator);

/// The estimator of further proposals that `options` name, or null, in the same way.
std::shared_ptr<const PoseEstimator> CreateProposer(const RefineOptions& options, Precision precision,
                                                    const PoseEstimatorOptions& estimator);

}  // namespace posenet::app

#endif  // POSENET_COMMON_REFINE_OPTIONS_H_
