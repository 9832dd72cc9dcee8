// SPDX-License-Identifier: Apache-2.0
#include "train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/testing/temporary_folder.h"
#include "base/thread_pool.h"
#include "camera/scene_reader.h"
#include "camera/seven_scenes.h"
#include "camera/synth.h"
#include "media/image_file.h"
#include "model/model_file.h"
#include "train/failure.h"

namespace posenet::train {
namespace {

namespace fs = std::filesystem;

// A small room in the layout of 7-Scenes: a walk to learn from and one to test with.
camera::Scene MakeRoom(const fs::path& folder, int frame_count) {
  base::ThreadPool pool(2);
  const camera::synth::World room = camera::synth::MakeWorld(camera::synth::Place::kRoom, {}, 1);
  for (int walk = 0; walk < 2; ++walk) {
    const fs::path sequence = folder / ("seq-0" + std::to_string(walk + 1));
    fs::create_directories(sequence);
    const std::vector<camera::RigidPose> path = camera::synth::Walk(camera::synth::Place::kRoom, frame_count, walk, 1);
    for (std::size_t i = 0; i < path.size(); ++i) {
      const fs::path stem = sequence / camera::SevenScenesFrameName(static_cast<int>(i));
      const image::Image image = camera::synth::Render(room, path[i], camera::synth::CameraOfSize(64, 48), pool);
      ValueOf(media::WriteImageFile(stem.native() + ".color.png", image));
      ValueOf(base::WriteFile(stem.native() + ".pose.txt", camera::FormatSevenScenesPose(path[i])));
    }
  }
  ValueOf(base::WriteFile(folder / "TrainSplit.txt", "sequence1\n"));
  ValueOf(base::WriteFile(folder / "TestSplit.txt", "sequence2\n"));
  return ValueOf(camera::ReadScene(folder));
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

class TrainerTest : public testing::Test {
 protected:
  TrainSummary Run(const TrainOptions& options, const std::string& name, bool resume = false,
                   const TrainEvents& events = {}) {
    camera::Scene training = scene_;
    std::erase_if(training.frames, [](const camera::Frame& f) { return f.split == camera::Split::kTest; });
    return Train(
        training, {}, options,
        {.model = folder_ / (name + ".safetensors"), .checkpoint = folder_ / (name + ".checkpoint"), .resume = resume},
        events);
  }

  base::TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path();
  camera::Scene scene_ = MakeRoom(folder_ / "room", 15);
};

class PrecisionTest : public TrainerTest, public testing::WithParamInterface<ConvPrecision> {
 protected:
  void SetUp() override {
    if (GetParam() == ConvPrecision::kBFloat16 && FastConvPrecision() != ConvPrecision::kBFloat16) {
      GTEST_SKIP() << "this CPU has no instructions for bf16";
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
  const auto tensors = [&](const std::string& name) {
    return ValueOf(model::VerifyModelFile(folder_ / (name + ".safetensors"))).sha256;
  };
  EXPECT_EQ(tensors("one"), tensors("one-again"));
  EXPECT_NE(tensors("one"), tensors("two"));
}

TEST_P(PrecisionTest, GoesOnAsIfNothingHadHappened) {
  Run(Options(), "whole");
  for (const int stop_after : {1, 3}) {  // In an epoch, and at the end of one or in the next.
    int steps = 0;
    TrainEvents events;
    events.on_step = [&](const StepReport&) { ++steps; };
    events.should_stop = [&] { return steps >= stop_after; };
    const std::string name = "parts" + std::to_string(stop_after);
    EXPECT_EQ(Run(Options(), name, false, events).end, TrainEnd::kInterrupted);
    EXPECT_TRUE(fs::exists(folder_ / (name + ".checkpoint")));
    EXPECT_EQ(Run(Options(), name, true).end, TrainEnd::kComplete);
    EXPECT_FALSE(fs::exists(folder_ / (name + ".checkpoint")));
    EXPECT_EQ(ValueOf(model::VerifyModelFile(folder_ / (name + ".safetensors"))).sha256,
              ValueOf(model::VerifyModelFile(folder_ / "whole.safetensors")).sha256);
  }
}

INSTANTIATE_TEST_SUITE_P(All, PrecisionTest, testing::Values(ConvPrecision::kFloat32, ConvPrecision::kBFloat16),
                         [](const testing::TestParamInfo<ConvPrecision>& test) {
                           return std::string(ConvPrecisionName(test.param));
                         });

TEST_F(TrainerTest, RefusesBFloat16WhereItIsSlow) {
  if (FastConvPrecision() == ConvPrecision::kBFloat16) GTEST_SKIP() << "it is fast on this CPU";
  TrainOptions options = SmallOptions();
  options.precision = ConvPrecision::kBFloat16;
  EXPECT_THROW(Run(options, "model"), TrainError);
}

TEST_F(TrainerTest, DoesNotGoOnWithOtherOptions) {
  int steps = 0;
  TrainEvents events;
  events.on_step = [&](const StepReport&) { ++steps; };
  events.should_stop = [&] { return steps >= 1; };
  Run(SmallOptions(), "model", false, events);
  TrainOptions other = SmallOptions();
  other.optimizer.learning_rate *= 2.0;
  EXPECT_THROW(Run(other, "model", true), TrainError);
}

TEST_F(TrainerTest, RefusesFilesThatAreNoCheckpoints) {
  std::ofstream(folder_ / "model.checkpoint") << "not a checkpoint";
  try {
    Run(SmallOptions(), "model", true);
    FAIL() << "went on";
  } catch (const TrainError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("model.checkpoint is no checkpoint"));
  }
}

TEST_F(TrainerTest, NamesAPhotoThatIsDamagedBeforeItStarts) {
  const fs::path victim = folder_ / "room" / "seq-01" / "frame-000007.color.png";
  fs::resize_file(victim, 500);
  try {
    Run(SmallOptions(), "model");
    FAIL() << "learnt from a damaged photo";
  } catch (const TrainError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("frame-000007.color.png"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "model.safetensors"));
}

TEST_F(TrainerTest, LearnsByEveryLossHeadAndRotation) {
  struct Variant {
    LossKind loss;
    bool relative;
    camera::CameraHead head;
    int sequence;
    camera::RotationParameters rotation;
  };
  int number = 0;
  for (const Variant& v :
       {Variant{LossKind::kBeta, false, camera::CameraHead::kFullyConnected, 1,
                camera::RotationParameters::kLogQuaternion},
        Variant{LossKind::kLearned, true, camera::CameraHead::kLstm, 1, camera::RotationParameters::kQuaternion},
        Variant{LossKind::kLearned, false, camera::CameraHead::kFullyConnected, 3,
                camera::RotationParameters::kQuaternion}}) {
    TrainOptions options = SmallOptions();
    options.epochs = 1;
    options.loss.kind = v.loss;
    options.loss.relative = v.relative;
    options.relative_skip = 2;
    options.architecture.head = v.head;
    options.architecture.hidden = 8;
    options.architecture.sequence_length = v.sequence;
    options.architecture.rotation = v.rotation;
    const std::string name = "variant" + std::to_string(number++);
    Run(options, name);
    EXPECT_TRUE(model::LoadModelFile(folder_ / (name + ".safetensors")).has_value());
  }
}

TEST_F(TrainerTest, TheGeometricLossNeedsPoints) {
  TrainOptions options = SmallOptions();
  options.loss.kind = LossKind::kGeometric;
  EXPECT_THROW(Run(options, "model"), TrainError);
  // Points in front of the cameras.
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
  options.patience = 1;
  options.optimizer.learning_rate = 1e-9;  // Nothing can become better.
  options.average_decay = 0.0;
  const TrainSummary summary = Run(options, "model");
  EXPECT_EQ(summary.end, TrainEnd::kStoppedEarly);
  EXPECT_LT(summary.epochs, 50);
  EXPECT_TRUE(summary.validation_position.has_value());
}

TEST_F(TrainerTest, LeavesNothingBehindWhereItCannotWrite) {
  EXPECT_THROW(Run(SmallOptions(), "no-such-folder/model"), TrainError);
}

}  // namespace
}  // namespace posenet::train
