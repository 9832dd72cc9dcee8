// SPDX-License-Identifier: Apache-2.0
// Options of `posenet camera train` that have an effect only with others.
#ifndef POSENET_TRAINER_TRAIN_OPTION_CHECKS_H_
#define POSENET_TRAINER_TRAIN_OPTION_CHECKS_H_

namespace CLI {
class App;
}

namespace posenet::trainer {

/// For the callback of `app`: throws CommandError (kUsage) if an option is given that has no effect with the others.
void CheckTrainOptions(const CLI::App& app);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_TRAIN_OPTION_CHECKS_H_
