// SPDX-License-Identifier: Apache-2.0
#include "trainer/train_flags.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "base/strings.h"
#include "common/numbers.h"
#include "common/option_checks.h"

namespace posenet::trainer {
namespace {

using app::AddInt;
using app::AddName;

template <typename Kind>
auto AssignTo(Kind& target, std::optional<Kind> (*parse)(std::string_view)) {
  return [&target, parse](const std::string& text) {
    const std::optional<Kind> kind = parse(text);
    if (kind) target = *kind;
    return kind.has_value();
  };
}

template <typename Kind>
auto AssignTo(Kind& target, Result<Kind> (*parse)(std::string_view)) {
  return [&target, parse](const std::string& text) {
    const Result<Kind> kind = parse(text);
    if (kind.has_value()) target = *kind;
    return kind.has_value();
  };
}

template <typename Target>
auto Into(Target& target) {
  return [&target](double value) { target = static_cast<float>(value); };
}
auto Into(double& target) {
  return [&target](double value) { target = value; };
}
auto Into(std::optional<double>& target) {
  return [&target](double value) { target = value; };
}

bool ParseRotation(const std::string& text, camera::RotationParameters& rotation) {
  if (text == "quaternion") rotation = camera::RotationParameters::kQuaternion;
  if (text == "log-quaternion") rotation = camera::RotationParameters::kLogQuaternion;
  return text == "quaternion" || text == "log-quaternion";
}

bool ParsePrecision(const std::string& text, std::optional<train::ConvPrecision>& precision) {
  precision = train::ConvPrecisionOf(text);
  return precision.has_value() || text == "auto";
}

bool ParseView(const std::string& text, View& view) {
  if (text == "full") view = View::kFull;
  if (text == "crop") view = View::kCrop;
  return text == "full" || text == "crop";
}

void AddNetworkFlags(CLI::App& app, TrainFlags& flags) {
  camera::CameraArchitecture& architecture = flags.options.architecture;
  AddName(app, "--backbone", "mobilenet100|mobilenet075|googlenet|googlenet-bn|resnet34",
          "The convolutional network. [mobilenet100]", AssignTo(architecture.backbone, model::BackboneOf))
      ->group("Network");
  app::AddPath(app, "--init", flags.init, "FILE",
               "Weights to start from: of torchvision (.pth), Caffe (.caffemodel), a .safetensors file, or one that "
               "'camera pretrain' made. [for the mobilenets those of the human pose model of that name; random for "
               "others]")
      ->group("Network");
  AddInt(app, "--freeze", flags.frozen_convolutions, 0, 1000,
         "So many of the first convolutions keep their weights. Faster, and less to overfit. [7 for "
         "the mobilenets, 0 for others]")
      ->group("Network");
  AddName(app, "--head", "fc|lstm",
          "What reads the backbone's features: a layer of 2048 units (Kendall et al. 2015), or LSTMs along rows and "
          "columns of these (Walch et al. 2017). [fc]",
          AssignTo(architecture.head, camera::CameraHeadOf))
      ->group("Network");
  AddInt(app, "--sequence", architecture.sequence_length, 1, 100,
         "Frames that a bidirectional LSTM sees together (VidLoc); such models also take single photos. [1]")
      ->group("Network");
  AddName(app, "--rotation", "quaternion|log-quaternion",
          "The numbers that the network says rotations in. [quaternion]",
          [&architecture](const std::string& text) { return ParseRotation(text, architecture.rotation); })
      ->group("Network");
  AddReal(app, "--dropout", 0.0, 0.95, "The share of features that are dropped while it learns. [0.1]",
          Into(architecture.dropout))
      ->group("Network");
}

void AddViewFlags(CLI::App& app, TrainFlags& flags) {
  AddName(app, "--view", "full|crop",
          "Whether the network sees whole photos, or square crops of 7/8 of their shortest side: random ones while it "
          "learns, "
          "the central one afterwards. [full]",
          [&flags](const std::string& text) { return ParseView(text, flags.view); })
      ->group("View");
  AddInt(app, "--size", flags.size_px, 64, 2048,
         "The input's longer side in pixels with --view full, its sides with --view crop. [256; 224 for crops]")
      ->group("View");
  AddInt(app, "--every", flags.every, 1, 10'000, "Learns every N-th frame of each sequence only. [1]")->group("View");
}

void AddAugmentationFlags(CLI::App& app, TrainFlags& flags) {
  train::AugmentationOptions& a = flags.options.augmentation;
  const auto add = [&app](const std::string& name, double max, const std::string& description, float& target) {
    AddReal(app, name, 0.0, max, base::StrCat(description, " [", target, "]"), Into(target))
        ->group("Augmentation (0 is off)");
  };
  add("--exposure", 2.0, "Brightness times e^x, x up to this, either way.", a.exposure);
  add("--contrast", 2.0, "Contrast times e^x.", a.contrast);
  add("--colour", 2.0, "Each channel times e^x, by itself.", a.colour);
  add("--motion-blur", 0.5, "Longest streak, as a share of the width.", a.motion_blur);
  add("--defocus", 0.2, "Largest radius, as a share of the width.", a.defocus);
  add("--noise", 0.5, "Largest standard deviation, as a share of white.", a.noise);
  add("--occlusion", 0.9, "Longest side of a hidden rectangle, as a share of the photo's.", a.occlusion);
  AddReal(app, "--roll", 0.0, 180.0,
          base::StrCat("Degrees about the optical axis; image and pose turn together. [", a.roll_deg,
                       "; more, up to 45, where photos are few and far between]"),
          Into(flags.roll_deg))
      ->group("Augmentation (0 is off)");
  add("--turn", 45.0,
      "Degrees up, down and sideways, image and pose together. Only where the data tells the focal length.",
      a.turn_deg);
  add("--zoom", 1.0, "Magnification e^x: another focal length, the same pose.", a.zoom);
  add("--fade", 1.0, "The last share of the training, in which roll, turn and zoom go down to 0.", a.fade);
}

void AddLossFlags(CLI::App& app, TrainFlags& flags) {
  train::LossOptions& loss = flags.options.loss;
  AddName(app, "--loss", "learned|beta|geometric",
          "How errors of position and rotation are weighed: by uncertainties that are learned (the sum goes below 0, "
          "which is no mistake), by a fixed beta, or as errors of reprojected 3D points, which the data must have, "
          "after a start with learned ones. [learned]",
          AssignTo(loss.kind, train::LossOf))
      ->group("Loss");
  AddReal(
      app, "--beta", 1e-9, 1e9,
      "Weight of the rotation for --loss beta, for positions in units of the scene's radius. [the ratio of the spread "
      "of positions and of rotations]",
      Into(flags.beta))
      ->group("Loss");
  app.add_flag("--relative", loss.relative, "Also learn the motion between frames of a sequence (MapNet).")
      ->group("Loss");
  AddReal(app, "--auxiliary", 0.0, 10.0, "Weight of GoogLeNet's auxiliary regressors. [0.3]",
          Into(flags.options.auxiliary_weight))
      ->group("Loss");
}

void AddCourseFlags(CLI::App& app, TrainFlags& flags) {
  train::TrainOptions& options = flags.options;
  train::OptimizerOptions& optimizer = options.optimizer;
  constexpr const char* kGroup = "Course";
  AddReal(app, "--minutes", 0.05, 1e6, "Train for as many epochs as fit into this time. [12]", Into(options.minutes))
      ->group(kGroup);
  AddInt(app, "--epochs", options.epochs, 1, 1'000'000, "Train for so many epochs, however long it takes.")
      ->group(kGroup);
  AddInt(app, "--batch", options.batch_size, 1, 4096, "Photos in a step. [32]")->group(kGroup);
  AddName(app, "--optimizer", "adamw|adam|sgd|adagrad", "[adamw]", AssignTo(optimizer.kind, train::OptimizerOf))
      ->group(kGroup);
  AddReal(app, "--learning-rate", 1e-9, 10.0,
          "[0.001, 0.01 for sgd; down to half of it where photos are few and far between]", Into(flags.learning_rate))
      ->group(kGroup);
  AddName(app, "--schedule", "cosine|step|constant", "How the learning rate falls. [cosine]",
          AssignTo(optimizer.schedule, train::ScheduleOf))
      ->group(kGroup);
  AddReal(app, "--weight-decay", 0.0, 10.0, "[0.0001]", Into(optimizer.weight_decay))->group(kGroup);
  AddReal(app, "--clip", 0.0, 1e9, "Longest gradient; 0 is off. [10]", Into(optimizer.max_gradient_norm))
      ->group(kGroup);
  AddReal(app, "--average", 0.0, 0.99999, "Decay of the running mean of weights that is saved; 0 is off. [0.99]",
          Into(options.average_decay))
      ->group(kGroup);
  AddReal(app, "--validation", 0.0, 0.5, "The share of the training frames set aside to watch the training. [0.05]",
          Into(options.validation_share))
      ->group(kGroup);
  AddInt(app, "--patience", options.patience, 0, 1'000'000,
         "Stop after so many epochs without improvement on the frames set aside, and keep the best; 0 is never. [0]")
      ->group(kGroup);
  app.add_option_function<std::uint64_t>(
         "--seed", [&options](const std::uint64_t& seed) { options.seed = seed; },
         "The same seed, epochs and threads give the same model on the same machine. [1]")
      ->option_text("N")
      ->group(kGroup);
  AddName(app, "--precision", "auto|fp32|bf16",
          "Numbers that convolutions multiply while the network learns. bf16 is half as fast again where the CPU has "
          "instructions for it, and learns as well; the model is of single precision in any case. [auto: bf16 on such "
          "CPUs]",
          [&flags](const std::string& text) { return ParsePrecision(text, flags.precision); })
      ->group(kGroup);
  AddInt(app, "--threads", options.thread_count, 1, 1024, "[one for each core]")->group(kGroup);
}

}  // namespace

CLI::Option* AddReal(CLI::App& app, const std::string& name, double min, double max, const std::string& description,
                     std::function<void(double)> assign) {
  const auto parse = [name, min, max, assign = std::move(assign)](const CLI::results_t& texts) {
    const std::optional<float> value = app::ParseFloat(texts.front());
    if (value && *value >= static_cast<float>(min) && *value <= static_cast<float>(max)) {
      // As it was written, not as a float would have it.
      assign(std::stod(texts.front()));
      return true;
    }
    throw CLI::ValidationError(name, base::StrCat("expected a number from ", min, " to ", max, ", got '",
                                                  base::Printable(texts.front()), "'"));
  };
  return app.add_option(name, parse, description)->option_text("X");
}

void AddTrainFlags(CLI::App& app, TrainFlags& flags) {
  AddNetworkFlags(app, flags);
  AddViewFlags(app, flags);
  AddAugmentationFlags(app, flags);
  AddLossFlags(app, flags);
  AddCourseFlags(app, flags);
}

}  // namespace posenet::trainer
