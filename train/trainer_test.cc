// SPDX-License-Identifier: Apache-2.0
#include "train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/testing/temporary_folder.h"
#include "camera/camera_model.h"
#include "camera/camera_network.h"
#include "camera/scene_reader.h"
#include "camera/seven_scenes.h"
#include "camera/synth.h"
#include "media/image_file.h"
#include "model/model_file.h"
#include "train/cpu_precision.h"
#include "train/failure.h"
#include "train/refit.h"
#include "train/torch_network.h"
#include "train/training_data.h"
#include "train/weight_average.h"

namespace posenet::train {
namespace {

namespace fs = std::filesystem;

// A small room in the layout of 7-Scenes: a training walk and a test walk.
camera::Scene MakeRoom(const fs::path& folder, int frame_count) {
  const camera::synth::World room = camera::synth::MakeWorld(camera::synth::Place::kRoom, {}, 1);
  for (int walk = 0; walk < 2; ++walk) {
    const fs::path sequence = folder / ("seq-0" + std::to_string(walk + 1));
    fs::create_directories(sequence);
    const std::vector<camera::RigidPose> path = camera::synth::Walk(camera::synth::Place::kRoom, frame_count, walk, 1);
    for (std::size_t i = 0; i < path.size(); ++i) {
      const fs::path stem = sequence / camera::SevenScenesFrameName(static_cast<int>(i));
      const image::Image image = camera::synth::Render(room, path[i], camera::synth::CameraOfSize(64, 48));
      ValueOf(media::WriteImageFile(stem.native() + ".color.png", image));
      ValueOf(base::WriteFile(stem.native() + ".pose.txt", camera::FormatSevenScenesPose(path[i])));
    }
  }
  ValueOf(base::WriteFile(folder / "TrainSplit.txt", "sequence1\n"));
  ValueOf(base::WriteFile(folder / "TestSplit.txt", "sequence2\n"));
  return ValueOf(camera::ReadScene(folder));
}

// A straight walk with a slow turn, whose images have one color each that changes evenly along it: easy to learn from a
// few images and random weights, and easy to interpolate. It has two sequences, so that held-out frames, which are from
// the middle of each, are far from the mean pose.
camera::Scene MakeColoredWalk(const fs::path& folder, int frame_count) {
  fs::create_directories(folder);
  camera::Scene scene;
  for (int i = 0; i < frame_count; ++i) {
    const double share = static_cast<double>(i) / (frame_count - 1);
    image::Image image = {.width_px = 64, .height_px = 48, .rgb = {}};
    for (int pixel = 0; pixel < image.width_px * image.height_px; ++pixel) {
      for (const double value : {share, 0.5, 1.0 - share}) {
        image.rgb.push_back(static_cast<std::uint8_t>(std::lround(255.0 * value)));
      }
    }
    camera::Frame frame;
    frame.image = folder / (std::to_string(i) + ".png");
    frame.sequence = i < frame_count / 2 ? "first half" : "second half";
    frame.world_from_cam.translation_m = {2.0 * share, 0.0, 0.0};
    frame.world_from_cam.rotation = camera::RotationAbout({0.0, 1.0, 0.0}, 60.0 * share);
    ValueOf(media::WriteImageFile(frame.image, image));
    scene.frames.push_back(frame);
  }
  return scene;
}

TrainOptions SmallOptions() {
  TrainOptions options;
  options.architecture = {.backbone = model::Backbone::kMobileNet075, .feature_count = 32, .dropout = 0.2F};
  options.view = {.input_width_px = 64, .input_height_px = 48, .crop_from_px = 0};
  options.batch_size = 6;
  options.epochs = 3;
  options.validation_share = 0.2;
  options.thread_count = 2;
  options.scene_name = "room";
  return options;
}

TrainOptions ColoredWalkOptions() {
  TrainOptions options = SmallOptions();
  options.epochs = 20;
  options.average_decay = 0.8;
  options.augmentation.exposure = options.augmentation.contrast = options.augmentation.color = 0.0F;
  return options;
}

class TrainerTest : public testing::Test {
 protected:
  TrainSummary Run(const TrainOptions& options, const std::string& name, bool resume = false,
                   const TrainEvents& events = {}) {
    camera::Scene training = scene_;
    std::erase_if(training.frames, [](const camera::Frame& f) { return f.split == camera::Split::kTest; });
    return Train(training, {}, options,
                 {.model = ModelPath(name), .checkpoint = folder_ / (name + ".checkpoint"), .resume = resume}, events);
  }

  [[nodiscard]] fs::path ModelPath(const std::string& name) const { return folder_ / (name + ".safetensors"); }

  // A hash of the weights.
  [[nodiscard]] std::string HashOf(const std::string& name) const {
    return ValueOf(model::VerifyModelFile(ModelPath(name))).sha256;
  }

  base::TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path();
  camera::Scene scene_ = MakeRoom(folder_ / "room", 15);
};

class PrecisionTest : public TrainerTest, public testing::WithParamInterface<ConvPrecision> {
 protected:
  void SetUp() override {
    if (GetParam() == ConvPrecision::kBFloat16 && FastestCpuPrecision() != ConvPrecision::kBFloat16) {
      GTEST_SKIP() << "needs a CPU with bf16 instructions";
    }
  }

  static TrainOptions Options() {
    TrainOptions options = SmallOptions();
    options.precision = GetParam();
    return options;
  }
};

TEST_P(PrecisionTest, TheSameSeedGivesTheSameModel) {
  Run(Options(), "one");
  Run(Options(), "one-again");
  TrainOptions other = Options();
  other.seed = 2;
  Run(other, "two");
  EXPECT_EQ(HashOf("one"), HashOf("one-again"));
  EXPECT_NE(HashOf("one"), HashOf("two"));
}

TEST_P(PrecisionTest, ResumesToTheSameModelAsWithoutInterruption) {
  Run(Options(), "whole");
  for (const int stop_after : {1, 3}) {  // Within the first epoch, and at or after its end.
    int steps = 0;
    TrainEvents events;
    events.on_step = [&](const StepReport&) { ++steps; };
    events.should_stop = [&] { return steps >= stop_after; };
    const std::string name = "parts" + std::to_string(stop_after);
    EXPECT_EQ(Run(Options(), name, false, events).end, TrainEnd::kInterrupted);
    EXPECT_TRUE(fs::exists(folder_ / (name + ".checkpoint")));
    EXPECT_EQ(Run(Options(), name, true).end, TrainEnd::kComplete);
    EXPECT_FALSE(fs::exists(folder_ / (name + ".checkpoint")));
    EXPECT_EQ(HashOf(name), HashOf("whole"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, PrecisionTest, testing::Values(ConvPrecision::kFloat32, ConvPrecision::kBFloat16),
                         [](const testing::TestParamInfo<ConvPrecision>& test) {
                           return std::string(ConvPrecisionName(test.param));
                         });

TEST_F(TrainerTest, RejectsBFloat16OnCpusWithoutIt) {
  if (FastestCpuPrecision() == ConvPrecision::kBFloat16) GTEST_SKIP() << "needs a CPU without bf16 instructions";
  TrainOptions options = SmallOptions();
  options.precision = ConvPrecision::kBFloat16;
  EXPECT_THROW(Run(options, "model"), TrainError);
}

TEST_F(TrainerTest, DoesNotResumeWithOtherOptions) {
  int steps = 0;
  TrainEvents events;
  events.on_step = [&](const StepReport&) { ++steps; };
  events.should_stop = [&] { return steps >= 1; };
  Run(SmallOptions(), "model", false, events);
  TrainOptions other = SmallOptions();
  other.optimizer.learning_rate *= 2.0;
  EXPECT_THROW(Run(other, "model", true), TrainError);
}

TEST_F(TrainerTest, RejectsFilesThatAreNotCheckpoints) {
  std::ofstream(folder_ / "model.checkpoint") << "not a checkpoint";
  try {
    Run(SmallOptions(), "model", true);
    FAIL() << "resumed";
  } catch (const TrainError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("model.checkpoint is not a checkpoint"));
  }
}

TEST_F(TrainerTest, NamesADamagedImageBeforeTrainingStarts) {
  const fs::path victim = folder_ / "room" / "seq-01" / "frame-000007.color.png";
  fs::resize_file(victim, 500);
  try {
    Run(SmallOptions(), "model");
    FAIL() << "trained on a damaged image";
  } catch (const TrainError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("frame-000007.color.png"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "model.safetensors"));
}

TEST_F(TrainerTest, ReducesTheErrorOfHeldOutFrames) {
  scene_ = MakeColoredWalk(folder_ / "walk", 40);
  TrainOptions options = ColoredWalkOptions();
  options.refit = false;
  std::vector<ValidationErrors> errors;
  TrainEvents events;
  events.on_epoch = [&](const EpochReport& report) { errors.push_back(*report.validation); };
  const TrainSummary summary = Run(options, "model", false, events);
  ASSERT_EQ(errors.size(), 20U);
  EXPECT_LT(errors.back().position, 0.5 * errors.front().position);
  EXPECT_LT(errors.back().rotation_deg, 0.5 * errors.front().rotation_deg);
  EXPECT_EQ(summary.validation->position, errors.back().position) << "of the saved model, the last one";
}

TEST_F(TrainerTest, SolvesForTheRegressorsAfterTheLastStep) {
  scene_ = MakeColoredWalk(folder_ / "walk", 40);
  TrainOptions options = ColoredWalkOptions();
  options.epochs = 3;  // Too few for the regressors to converge.
  options.refit = false;
  const TrainSummary trained = Run(options, "trained");
  options.refit = true;
  std::vector<std::string> messages;
  TrainEvents events;
  events.on_message = [&](const std::string& message) { messages.push_back(message); };
  const TrainSummary refitted = Run(options, "refitted", false, events);
  EXPECT_LT(refitted.validation->position, 0.5 * trained.validation->position);
  EXPECT_LT(refitted.validation->rotation_deg, 0.5 * trained.validation->rotation_deg);
  EXPECT_THAT(messages, testing::Contains(testing::HasSubstr("ridge regression of the regressors reduced")));
  EXPECT_NE(HashOf("refitted"), HashOf("trained"));
}

// A score that only the trained weights have.
TEST_F(TrainerTest, KeepsRegressorsThatCannotBeImproved) {
  scene_ = MakeColoredWalk(folder_ / "walk", 40);
  const TrainOptions options = ColoredWalkOptions();
  TrainingData data(scene_, {.input_channels = 3, .layers = {}, .outputs = {}}, {}, options, 2);
  data.ReadImages({});
  TorchNetwork network(camera::CameraNetwork(options.architecture, camera::Auxiliary::kLeaveOut), data.stem_output());
  const std::vector<torch::Tensor> before = CopiesOf(TensorsOf(*network));
  int calls = 0;
  const Refit refit = RefitRegressors(network, data, 6, torch::kCPU, [&] {
    const double error = calls++ == 0 ? 1.0 : 2.0;
    return ValidationErrors{.position = error, .rotation_deg = error};
  });
  EXPECT_EQ(refit.position_ridge, 0.0);
  EXPECT_EQ(refit.rotation_ridge, 0.0);
  EXPECT_GT(calls, 2);
  const std::vector<torch::Tensor> after = TensorsOf(*network);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(torch::equal(before[i], after[i])) << i;
}

TEST_F(TrainerTest, ChoosesTheRegularizationOfEachRegressorByItsOwnError) {
  scene_ = MakeColoredWalk(folder_ / "walk", 40);
  const TrainOptions options = ColoredWalkOptions();
  TrainingData data(scene_, {.input_channels = 3, .layers = {}, .outputs = {}}, {}, options, 2);
  data.ReadImages({});
  TorchNetwork network(camera::CameraNetwork(options.architecture, camera::Auxiliary::kLeaveOut), data.stem_output());
  const torch::Tensor position_before = network->OutputWeights(camera::kPositionOutput).detach().clone();
  const torch::Tensor rotation_before = network->OutputWeights(camera::kRotationOutput).detach().clone();
  int calls = 0;
  torch::Tensor third_rotation;
  const Refit refit = RefitRegressors(network, data, 6, torch::kCPU, [&] {
    ++calls;
    if (calls == 3) third_rotation = network->OutputWeights(camera::kRotationOutput).detach().clone();
    return ValidationErrors{.position = calls == 1 ? 1.0 : 2.0, .rotation_deg = calls == 3 ? 1.0 : 2.0};
  });
  EXPECT_EQ(refit.position_ridge, 0.0);
  EXPECT_GT(refit.rotation_ridge, 0.0);
  EXPECT_TRUE(torch::equal(network->OutputWeights(camera::kPositionOutput), position_before));
  EXPECT_TRUE(torch::equal(network->OutputWeights(camera::kRotationOutput), third_rotation));
  EXPECT_FALSE(torch::equal(third_rotation, rotation_before));
}

TEST_F(TrainerTest, TrainsForFewerEpochsIfMinutesRunOut) {
  TrainOptions options = SmallOptions();
  options.epochs = 1'000'000;
  options.max_minutes = 0.05;
  std::vector<StepReport> steps;
  double last_rate = 1.0;
  TrainEvents events;
  events.on_step = [&](const StepReport& report) { steps.push_back(report); };
  events.on_epoch = [&](const EpochReport& report) { last_rate = report.learning_rate; };
  const TrainSummary summary = Run(options, "model", false, events);
  EXPECT_EQ(summary.end, TrainEnd::kComplete);
  EXPECT_LT(summary.epochs, options.epochs);
  EXPECT_GE(summary.steps, 25) << "the steps that are timed";
  EXPECT_EQ(steps.front().total_steps, 0) << "not known yet";
  EXPECT_EQ(steps.back().total_steps, summary.steps);
  EXPECT_LT(last_rate, 0.1 * options.optimizer.learning_rate) << "the schedule ends with the training";
  EXPECT_TRUE(fs::exists(ModelPath("model")));
}

TEST_F(TrainerTest, TrainsForAllEpochsIfThereIsTime) {
  TrainOptions options = SmallOptions();
  options.epochs = 15;  // More steps than are timed.
  Run(options, "without-limit");
  options.max_minutes = 60.0;
  EXPECT_EQ(Run(options, "with-limit").epochs, options.epochs);
  EXPECT_EQ(HashOf("with-limit"), HashOf("without-limit"));
}

struct Variant {
  const char* name;
  LossKind loss = LossKind::kLearned;
  bool relative = false;
  camera::CameraHead head = camera::CameraHead::kFullyConnected;
  int sequence_length = 1;
  int grid_channels = 0;
  camera::RotationParameters rotation = camera::RotationParameters::kQuaternion;

  friend void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.name; }
};

class VariantTest : public TrainerTest, public testing::WithParamInterface<Variant> {};

TEST_P(VariantTest, ReducesItsTrainingErrors) {
  const Variant& variant = GetParam();
  scene_ = MakeColoredWalk(folder_ / "walk", 40);
  TrainOptions options = ColoredWalkOptions();
  options.loss.kind = variant.loss;
  options.loss.relative = variant.relative;
  options.relative_skip = 2;
  options.architecture.head = variant.head;
  options.architecture.hidden = 8;
  options.architecture.sequence_length = variant.sequence_length;
  options.architecture.grid_channels = variant.grid_channels;
  options.architecture.rotation = variant.rotation;
  std::vector<EpochReport> epochs;
  TrainEvents events;
  events.on_epoch = [&](const EpochReport& report) { epochs.push_back(report); };
  Run(options, "model", false, events);
  ASSERT_EQ(epochs.size(), 20U);
  EXPECT_LT(epochs.back().position_loss, 0.7 * epochs.front().position_loss);
  EXPECT_LT(epochs.back().rotation_loss, 0.7 * epochs.front().rotation_loss);
  const model::LoadedModel model = ValueOf(model::LoadModelFile(ModelPath("model")));
  const camera::CameraSpec spec = ValueOf(camera::CameraSpecOf(model));
  EXPECT_EQ(spec.rotation, variant.rotation);
  EXPECT_EQ(spec.sequence_length, variant.sequence_length);
}

INSTANTIATE_TEST_SUITE_P(
    All, VariantTest,
    testing::Values(Variant{.name = "beta", .loss = LossKind::kBeta},
                    Variant{.name = "beta_log_quaternion",
                            .loss = LossKind::kBeta,
                            .rotation = camera::RotationParameters::kLogQuaternion},
                    Variant{.name = "learned"},
                    Variant{.name = "learned_log_quaternion", .rotation = camera::RotationParameters::kLogQuaternion},
                    Variant{.name = "relative", .relative = true},
                    Variant{.name = "lstm", .head = camera::CameraHead::kLstm},
                    Variant{.name = "lstm_relative", .relative = true, .head = camera::CameraHead::kLstm},
                    Variant{.name = "sequence", .sequence_length = 3}, Variant{.name = "grid", .grid_channels = 8}),
    [](const testing::TestParamInfo<Variant>& test) { return test.param.name; });

TEST_F(TrainerTest, TheGeometricLossNeedsPoints) {
  TrainOptions options = SmallOptions();
  options.loss.kind = LossKind::kGeometric;
  EXPECT_THROW(Run(options, "model"), TrainError);
  // Points in front of each camera.
  for (camera::Frame& frame : scene_.frames) {
    for (int i = 0; i < 4; ++i) {
      frame.points.push_back(static_cast<std::uint32_t>(scene_.points_world_m.size()));
      scene_.points_world_m.push_back(camera::Transform(frame.world_from_cam, {0.2 * i, 0.1, 2.0 + 0.3 * i}));
    }
  }
  EXPECT_EQ(Run(options, "model").end, TrainEnd::kComplete);
}

TEST_F(TrainerTest, StopsEarlyAndKeepsTheBest) {
  TrainOptions options = SmallOptions();
  options.epochs = 50;
  options.patience = 2;
  options.optimizer.learning_rate = 1e-9;  // Nothing can improve by much, so that patience runs out.
  options.average_decay = 0.0;
  std::int64_t best_epoch = 0;
  std::string best_weights;
  ValidationErrors best_errors;
  TrainEvents events;
  events.on_epoch = [&](const EpochReport& report) {
    if (!report.is_best) return;
    best_epoch = report.epoch;
    best_errors = *report.validation;
    best_weights = HashOf("model");  // The model has been written before the report.
  };
  const TrainSummary summary = Run(options, "model", false, events);
  EXPECT_EQ(summary.end, TrainEnd::kStoppedEarly);
  EXPECT_EQ(summary.epochs, best_epoch + options.patience);
  EXPECT_EQ(HashOf("model"), best_weights);
  EXPECT_EQ(summary.validation->position, best_errors.position);
  EXPECT_EQ(summary.validation->rotation_deg, best_errors.rotation_deg);
}

TEST_F(TrainerTest, LeavesNothingBehindIfTheModelCannotBeWritten) {
  const auto files = [&] {
    std::set<fs::path> all;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_)) all.insert(entry.path());
    return all;
  };
  fs::create_directory(ModelPath("model"));  // A folder of that name cannot be replaced by a file.
  const std::set<fs::path> before = files();
  EXPECT_THROW(Run(SmallOptions(), "model"), TrainError);
  EXPECT_THROW(Run(SmallOptions(), "no-such-folder/model"), TrainError);
  EXPECT_EQ(files(), before);
}

}  // namespace
}  // namespace posenet::train
