// SPDX-License-Identifier: Apache-2.0
// posenet camera pretrain, train, eval and localize, in the order in which they are used.
#include <fstream>

#include "cli_fixture.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class TrainTest : public CliTest {
 protected:
  // Six photos of two classes for a backbone, and a small synthetic room.
  void SetUp() override {
    for (const char* name : {"classes/bright", "classes/dark"}) fs::create_directories(At(name));
    for (int i = 0; i < 3; ++i) {
      Image("classes/bright/" + std::to_string(i) + ".png", 40 + i, 40);
      Image("classes/dark/" + std::to_string(i) + ".png", 40, 50 + i);
    }
    const CommandResult room =
        RunCommand({"camera", "synth", "--output", At("room"), "--frames", "40", "--size", "64x48"});
    ASSERT_EQ(room.exit_status, 0) << room.err;
  }

  CommandResult Pretrain() const {
    return RunCommand({"camera", "pretrain", At("classes"), "--output", At("backbone.safetensors"), "--backbone",
                       "mobilenet075", "--epochs", "1", "--batch", "3"});
  }

  CommandResult Train(std::vector<std::string> arguments) const {
    const std::vector<std::string> before = {"camera", "train", At("room"), "--backbone", "mobilenet075",
                                             "--size", "64",    "--batch",  "8"};
    arguments.insert(arguments.begin(), before.begin(), before.end());
    return RunCommand(arguments);
  }
};

TEST_F(TrainTest, PretrainsTrainsEvaluatesAndLocalizes) {
  const CommandResult pretrained = Pretrain();
  ASSERT_EQ(pretrained.exit_status, 0) << pretrained.err;
  EXPECT_THAT(pretrained.out, HasSubstr("backbone.safetensors: "));

  const std::vector<std::string> options = {
      "--init", At("backbone.safetensors"), "--output", At("room.safetensors"), "--epochs", "2"};
  const CommandResult trained = Train(options);
  ASSERT_EQ(trained.exit_status, 0) << trained.err;
  EXPECT_THAT(trained.out, AllOf(HasSubstr("room.safetensors: 2 epochs"), HasSubstr("held-out frames")));
  std::ifstream log(At("room.log.csv"));
  std::string line;
  std::getline(log, line);
  EXPECT_EQ(line,
            "epoch,step,seconds,images,loss,position_loss,rotation_loss,s_x,s_q,learning_rate,validation_position,"
            "validation_rotation_deg");
  int lines = 0;
  while (std::getline(log, line)) ++lines;
  EXPECT_EQ(lines, 2);

  const CommandResult info = RunCommand({"model", "info", At("room.safetensors")});
  EXPECT_THAT(info.out, AllOf(HasSubstr("camera-pose"), HasSubstr("64x48"), HasSubstr("room")));
  EXPECT_EQ(RunCommand({"model", "verify", At("room.safetensors")}).exit_status, 0);

  const CommandResult eval = RunCommand({"camera", "eval", At("room"), "--model", At("room.safetensors")});
  EXPECT_EQ(eval.exit_status, 0) << eval.err;
  EXPECT_THAT(eval.out, AllOf(HasSubstr("constant pose"), HasSubstr("oracle retrieval")));

  const CommandResult localized =
      RunCommand({"camera", "localize", At("room/seq-05/frame-000000.color.png"), "--model", At("room.safetensors")});
  EXPECT_EQ(localized.exit_status, 0) << localized.err;
  EXPECT_EQ(JsonLines(localized.out).size(), 1U);
}

TEST_F(TrainTest, RejectsWrongCommandLines) {
  struct Case {
    std::vector<std::string> arguments;
    const char* message;
  };
  for (const Case& c :
       {Case{{"--output", At("a.txt")}, "ends with .safetensors"},
        Case{{"--output", At("nowhere/a.safetensors")}, "no such folder"},
        Case{{"--output", At("a.safetensors"), "--loss", "huber"}, "learned, beta or geometric"},
        Case{{"--output", At("a.safetensors"), "--init", At("none.pth")}, "none.pth"},
        Case{{"--output", At("a.safetensors"), "--roll", "400"}, "from 0 to 180"},
        Case{{"--output", At("a.safetensors"), "--constant-appearance", "--noise", "0.1"}, "cannot be combined with"},
        Case{{"--output", At("a.safetensors"), "--beta", "3"}, "--beta has no effect without --loss beta"},
        Case{{"--output", At("a.safetensors"), "--auxiliary", "1"}, "--auxiliary has no effect without"},
        Case{{"--output", At("a.safetensors"), "--validation", "0", "--patience", "5"},
             "--patience has no effect with --validation 0"}}) {
    const CommandResult result = Train(c.arguments);
    EXPECT_EQ(result.exit_status, 2) << c.message;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(c.message)));
    EXPECT_THAT(result.out, IsEmpty());
  }
  EXPECT_FALSE(fs::exists(At("a.safetensors")));
}

TEST_F(TrainTest, LeavesNoFilesIfTheModelCannotBeWritten) {
  ASSERT_EQ(Pretrain().exit_status, 0);
  fs::create_directories(At("a.safetensors"));  // A folder of that name cannot be replaced by a file.
  const CommandResult result =
      Train({"--init", At("backbone.safetensors"), "--output", At("a.safetensors"), "--epochs", "1"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("a.safetensors"));
  EXPECT_FALSE(fs::exists(At("a.log.csv")));
  EXPECT_FALSE(fs::exists(At("a.checkpoint")));
}

TEST_F(TrainTest, TrainsForFewerEpochsIfMinutesRunOut) {
  ASSERT_EQ(Pretrain().exit_status, 0);
  const CommandResult result = Train({"--init", At("backbone.safetensors"), "--output", At("a.safetensors"), "--epochs",
                                      "100000", "--minutes", "0.05"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr(" of 100000 epochs fit into 0.05 minutes"));
  EXPECT_TRUE(fs::exists(At("a.safetensors")));
}

TEST_F(TrainTest, NamesADamagedFileOfTheScene) {
  ASSERT_EQ(Pretrain().exit_status, 0);
  const std::vector<std::string> options = {
      "--init", At("backbone.safetensors"), "--output", At("a.safetensors"), "--epochs", "1"};
  const auto spoil = [&](const std::string& name, const std::string& content) {
    const std::string path = At("room/seq-01/" + name);
    std::string before;
    {
      std::ifstream in(path, std::ios::binary);
      before.assign(std::istreambuf_iterator<char>(in), {});
    }
    std::ofstream(path, std::ios::binary) << content;
    const CommandResult result = Train(options);
    std::ofstream(path, std::ios::binary) << before;
    EXPECT_EQ(result.exit_status, 1) << name;
    EXPECT_THAT(result.err, HasSubstr(name));
    EXPECT_FALSE(fs::exists(At("a.safetensors")));
  };
  spoil("frame-000003.color.png", "not an image");
  spoil("frame-000003.pose.txt", "1 0 0 0 0 1 0 0 0 0 1");
  spoil("frame-000003.pose.txt", "nan 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1");
}

TEST_F(TrainTest, HelpNamesTheOptions) {
  const CommandResult help = RunCommand({"camera", "train", "--help"});
  EXPECT_EQ(help.exit_status, 0);
  EXPECT_THAT(help.out, AllOf(HasSubstr("posenet camera train"), HasSubstr("--backbone"), HasSubstr("Examples:")));
}

}  // namespace
}  // namespace posenet::cli
