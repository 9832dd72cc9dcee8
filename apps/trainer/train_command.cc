// SPDX-License-Identifier: Apache-2.0
#include "trainer/train_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <string_view>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/option_checks.h"
#include "media/image_file.h"
#include "train/suggested_options.h"
#include "train/trainer.h"
#include "trainer/real_option.h"

namespace posenet::trainer {
namespace {

namespace fs = std::filesystem;
using app::AddInt;
using app::AddName;

// Assigns what `parse`, which returns an optional or a Result, makes of an option's text.
template <typename Target, typename Parse>
auto AssignTo(Target& target, Parse parse) {
  return [&target, parse](const std::string& text) {
    const auto value = parse(text);
    if (value.has_value()) target = *value;
    return value.has_value();
  };
}

std::optional<camera::RotationParameters> RotationOf(std::string_view text) {
  if (text == "quaternion") return camera::RotationParameters::kQuaternion;
  if (text == "log-quaternion") return camera::RotationParameters::kLogQuaternion;
  return std::nullopt;
}

std::optional<View> ViewNamed(std::string_view text) {
  if (text == "full") return View::kFull;
  if (text == "crop") return View::kCrop;
  return std::nullopt;
}

bool ParsePrecision(const std::string& text, std::optional<train::ConvPrecision>& precision) {
  precision = train::ConvPrecisionOf(text);
  return precision.has_value() || text == "auto";
}

void AddNetworkOptions(CLI::App& app, TrainCommand& command) {
  constexpr const char* kGroup = "Network";
  camera::CameraArchitecture& architecture = command.options.architecture;
  AddName(app, "--backbone", "mobilenet100|mobilenet075|googlenet|googlenet-bn|resnet34",
          "Convolutional network. [mobilenet100]", AssignTo(architecture.backbone, model::BackboneOf))
      ->group(kGroup);
  app::AddPath(
      app, "--init", command.init, "FILE",
      "Initial weights: a torchvision .pth file, a .caffemodel, or a .safetensors file, for example of 'camera "
      "pretrain'. [mobilenets: the human pose model of that name; others: random]")
      ->group(kGroup);
  AddInt(app, "--freeze", command.frozen_convolutions, 0, 1000,
         "Number of leading convolutions to freeze, which is faster and overfits less. [mobilenets: 7; others: 0]")
      ->group(kGroup);
  AddName(
      app, "--head", "fc|lstm",
      "Layers between backbone and regressors: fc is one layer of 2048 units (Kendall et al. 2015); lstm adds LSTMs "
      "over the rows and columns of these units (Walch et al. 2017). [fc]",
      AssignTo(architecture.head, camera::CameraHeadOf))
      ->group(kGroup);
  AddInt(app, "--grid", architecture.grid_channels, 0, 1024,
         "Channels per cell of the feature map that the head reads, so that it sees where in the image features are; 0 "
         "averages the features over the image instead. [0]")
      ->group(kGroup);
  AddInt(app, "--sequence", architecture.sequence_length, 1, 100,
         "Frames per input of a bidirectional LSTM (VidLoc). The model also localizes single images. [1]")
      ->group(kGroup);
  AddName(app, "--rotation", "quaternion|log-quaternion", "Output parameters of the rotation. [quaternion]",
          AssignTo(architecture.rotation, RotationOf))
      ->group(kGroup);
  AddReal(app, "--dropout", architecture.dropout, 0.0, 0.95, "Dropout rate before the regressors. [0.1]")
      ->group(kGroup);
}

void AddViewOptions(CLI::App& app, TrainCommand& command) {
  constexpr const char* kGroup = "View";
  AddName(
      app, "--view", "full|crop",
      "Network input: whole images, or square crops of 7/8 of the shorter side, at random positions in training and "
      "from the center afterwards. [full]",
      AssignTo(command.view, ViewNamed))
      ->group(kGroup);
  AddInt(app, "--size", command.size_px, 64, 2048,
         "Longer side of the input in pixels; with --view crop, both sides. [256; crops: 224]")
      ->group(kGroup);
  AddInt(app, "--every", command.every, 1, 10'000, "Use every N-th training frame of each sequence. [1]")
      ->group(kGroup);
}

void AddAugmentationOptions(CLI::App& app, TrainCommand& command) {
  constexpr const char* kGroup = "Augmentation (0 disables)";
  train::AugmentationOptions& a = command.options.augmentation;
  const auto add = [&](const std::string& name, float& target, double max, const std::string& description) {
    return AddReal(app, name, target, 0.0, max, base::StrCat(description, " [", target, "]"))->group(kGroup);
  };
  CLI::Option* const constant = app.add_flag_callback(
      "--constant-appearance",
      [&a] {
        for (float* strength :
             {&a.exposure, &a.contrast, &a.color, &a.motion_blur, &a.defocus, &a.noise, &a.occlusion}) {
          *strength = 0.0F;
        }
      },
      "Disable the seven options that follow: for scenes whose images always look the same from the same place, such "
      "as rendered ones.");
  constant->group(kGroup);
  for (CLI::Option* option : {add("--exposure", a.exposure, 2.0, "Brightness times e^x, |x| up to this."),
                              add("--contrast", a.contrast, 2.0, "Contrast times e^x."),
                              add("--color", a.color, 2.0, "Each color channel times its own e^x."),
                              add("--motion-blur", a.motion_blur, 0.5, "Longest motion blur, as a share of the width."),
                              add("--defocus", a.defocus, 0.2, "Largest blur radius, as a share of the width."),
                              add("--noise", a.noise, 0.5, "Largest standard deviation of noise, as a share of white."),
                              add("--occlusion", a.occlusion, 0.9,
                                  "Longest side of an occluding rectangle, as a share of that of the image.")}) {
    option->excludes(constant);
  }
  AddReal(app, "--roll", command.roll_deg, 0.0, 180.0,
          base::StrCat("Rotation of image and pose about the optical axis, in degrees. [", a.roll_deg,
                       "; up to 45 for sparse scenes]"))
      ->group(kGroup);
  add("--turn", a.turn_deg, 45.0,
      "Rotation of image and pose about the other two axes, in degrees; only if the scene has a focal length.");
  add("--zoom", a.zoom, 1.0, "Magnification e^x: another focal length, the same pose.");
  add("--fade", a.fade, 1.0, "Final share of the training in which roll, turn and zoom fall to 0.");
}

void AddLossOptions(CLI::App& app, TrainCommand& command) {
  constexpr const char* kGroup = "Loss";
  train::LossOptions& loss = command.options.loss;
  AddName(
      app, "--loss", "learned|beta|geometric",
      "Weighting of position and rotation errors: learned uncertainties (the loss can be negative), a fixed beta, or "
      "the reprojection error of the scene's 3D points after a start with learned uncertainties. [learned]",
      AssignTo(loss.kind, train::LossOf))
      ->group(kGroup);
  AddReal(
      app, "--beta", command.beta, 1e-9, 1e9,
      "Weight of the rotation for --loss beta, for positions in units of the scene's radius. [the spread of positions "
      "divided by that of rotations]")
      ->group(kGroup);
  app.add_flag("--relative", loss.relative, "Add a loss of the motion between frames of a sequence (MapNet).")
      ->group(kGroup);
  AddReal(app, "--auxiliary", command.options.auxiliary_weight, 0.0, 10.0,
          "Weight of GoogLeNet's auxiliary regressors. [0.3]")
      ->group(kGroup);
}

void AddScheduleOptions(CLI::App& app, TrainCommand& command) {
  constexpr const char* kGroup = "Schedule";
  train::TrainOptions& options = command.options;
  train::OptimizerOptions& optimizer = options.optimizer;
  AddInt(app, "--epochs", command.epochs, 1, 1'000'000,
         base::StrCat("Passes over the training frames. [as many as take about ", train::kDefaultMinutes,
                      " minutes on two cores; at most ", train::kMaxDefaultEpochs, "]"))
      ->group(kGroup);
  AddReal(app, "--minutes", options.max_minutes, 0.05, 1e6,
          "Train for fewer epochs if this machine needs more than this many minutes. The result then depends on the "
          "machine. [no limit]")
      ->group(kGroup);
  AddInt(app, "--batch", options.batch_size, 1, 4096, "Images per step. [32]")->group(kGroup);
  AddName(app, "--optimizer", "adamw|adam|sgd|adagrad", "Optimizer. [adamw]",
          AssignTo(optimizer.kind, train::OptimizerOf))
      ->group(kGroup);
  AddReal(app, "--learning-rate", command.learning_rate, 1e-9, 10.0,
          "Highest learning rate. [0.001, sgd: 0.01; down to half of it for sparse scenes]")
      ->group(kGroup);
  AddName(app, "--schedule", "cosine|step|constant", "Decay of the learning rate after a linear warm-up. [cosine]",
          AssignTo(optimizer.schedule.kind, train::ScheduleOf))
      ->group(kGroup);
  AddReal(app, "--weight-decay", optimizer.weight_decay, 0.0, 10.0, "Weight decay. [0.0001]")->group(kGroup);
  AddReal(app, "--clip", optimizer.max_gradient_norm, 0.0, 1e9, "Largest gradient norm; 0 disables. [10]")
      ->group(kGroup);
  AddReal(app, "--average", options.average_decay, 0.0, 0.99999,
          "Decay of the running mean of the weights that is saved; 0 disables. [0.99]")
      ->group(kGroup);
  AddReal(app, "--validation", options.validation_share, 0.0, 0.5,
          "Share of the training frames to hold out for validation. [0.05]")
      ->group(kGroup);
  app.add_flag_callback(
         "--no-refit", [&options] { options.refit = false; },
         "Keep the regressors as trained. By default the last step solves for each of them by ridge regression, if "
         "that reduces its error on the held-out frames.")
      ->group(kGroup);
  AddInt(app, "--patience", options.patience, 0, 1'000'000,
         "Stop after this many epochs without improvement on the held-out frames, and keep the best epoch; 0 disables. "
         "[0]")
      ->group(kGroup);
  app.add_option_function<std::uint64_t>(
         "--seed", [&options](const std::uint64_t& seed) { options.seed = seed; },
         "Seed of all random numbers. The same seed, options and thread count give the same model on the same machine. "
         "[1]")
      ->option_text("N")
      ->group(kGroup);
  AddName(app, "--precision", "auto|fp32|bf16",
          "Number format of convolutions during training. bf16 is 1.5 times as fast on CPUs with AVX512-BF16, and as "
          "accurate. The model is float32 either way. [auto: bf16 on such CPUs]",
          [&command](const std::string& text) { return ParsePrecision(text, command.precision); })
      ->group(kGroup);
  AddInt(app, "--threads", options.thread_count, 1, 1024, "Threads. [one per core]")->group(kGroup);
}

// Crops keep the paper's proportion, 224 of 256. Whole images have the shape of the first one.
train::ViewOptions ViewFor(const TrainCommand& command, const camera::Scene& scene) {
  constexpr int kCropPx = 224;
  constexpr int kLongSidePx = 256;
  if (command.view == View::kCrop) {
    const int side_px = command.size_px.value_or(kCropPx);
    return {.input_width_px = side_px, .input_height_px = side_px, .crop_from_px = side_px * 8 / 7};
  }
  const auto first = std::ranges::find(scene.frames, camera::Split::kTrain, &camera::Frame::split);
  if (first == scene.frames.end()) throw app::UsageError(command.scene.data + ": the scene has no training frames");
  const image::Image image = app::ValueOrThrow(media::ReadImageFile(first->image));
  const train::InputSize size =
      train::WholeImageInput(image.width_px, image.height_px, command.size_px.value_or(kLongSidePx));
  return {.input_width_px = size.width_px, .input_height_px = size.height_px, .crop_from_px = 0};
}

double DefaultLearningRate(train::OptimizerKind kind, const camera::Scene& scene) {
  return (kind == train::OptimizerKind::kSgd ? 0.01 : 1e-3) * train::SuggestedRateFactor(scene);
}

std::string SceneName(const fs::path& data) {
  const std::string name = data.filename().native();
  return name.empty() ? data.parent_path().filename().native() : name;
}

}  // namespace

void AddTrainOptions(CLI::App& app, TrainCommand& command) {
  app::AddSceneOptions(app, command.scene);
  app::AddPath(app, "--output", command.output, "FILE", "Model file to write, .safetensors. Required.")->required();
  app.add_flag("--resume", command.resume, "Continue an interrupted training with the same options.");
  app::AddPath(app, "--log", command.log, "FOLDER", "Also write TensorBoard events to this folder.");
  AddNetworkOptions(app, command);
  AddViewOptions(app, command);
  AddAugmentationOptions(app, command);
  AddLossOptions(app, command);
  AddScheduleOptions(app, command);
}

train::TrainOptions OptionsFor(const TrainCommand& command, const camera::Scene& scene, const InitialWeights& initial) {
  train::TrainOptions options = command.options;
  options.view = ViewFor(command, scene);
  options.loss.beta = command.beta ? *command.beta : train::SuggestedBeta(scene);
  options.augmentation.roll_deg =
      static_cast<float>(command.roll_deg ? *command.roll_deg : train::SuggestedRollDeg(scene));
  options.epochs = command.epochs.value_or(train::DefaultEpochs(scene.frames.size(), options.view));
  options.optimizer.learning_rate =
      command.learning_rate ? *command.learning_rate : DefaultLearningRate(options.optimizer.kind, scene);
  options.frozen_convolutions = command.frozen_convolutions.value_or(initial.suggested_frozen_convolutions);
  if (options.frozen_convolutions > 0 && initial.weights().empty()) {
    throw app::UsageError("--freeze would freeze random weights; pass trained ones with --init");
  }
  options.precision = command.precision.value_or(train::DefaultConvPrecision());
  options.scene_name = SceneName(command.scene.data);
  return options;
}

}  // namespace posenet::trainer
