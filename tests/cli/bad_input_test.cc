// SPDX-License-Identifier: Apache-2.0
// Wrong inputs and command lines: a clear message, the right exit status, no incomplete files, no crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <ostream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli_fixture.h"

namespace posenet::cli {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class BadInputTest : public CliTest {
 protected:
  // A bad image gives one message and one JSON line with the same reason; the next image is processed.
  void ExpectFailure(const std::string& image, const std::string& reason) const {
    const CommandResult result = Estimate({image, Image("good.png")});
    EXPECT_EQ(result.exit_status, 1) << image;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(image + ": "), HasSubstr(reason)));
    const auto lines = JsonLines(result.out);
    ASSERT_EQ(lines.size(), 2U) << result.out;
    EXPECT_EQ(lines[0]["image"], image);
    EXPECT_THAT(lines[0]["error"].get<std::string>(), AllOf(HasSubstr(reason), Not(HasSubstr(image))));
    EXPECT_TRUE(lines[1].contains("poses"));
  }

  // A bad model ends the command before any output.
  void ExpectModelFailure(const std::string& model, const std::string& reason) const {
    const CommandResult result = RunCommand({"human", "estimate", "--model", model, Image("good.png")});
    EXPECT_EQ(result.exit_status, 1) << model;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(model), HasSubstr(reason)));
    const CommandResult verified = RunCommand({"model", "verify", model});
    EXPECT_EQ(verified.exit_status, 1) << model;
    EXPECT_THAT(verified.err, AllOf(IsOneMessage(), HasSubstr(reason)));
  }
};

TEST_F(BadInputTest, ReportsEmptyFiles) { ExpectFailure(File("a.jpg", ""), "empty"); }

TEST_F(BadInputTest, ReportsTextNamedLikeAnImage) { ExpectFailure(File("a.jpg", "no image, but text\n"), "expected"); }

TEST_F(BadInputTest, ReportsTruncatedImages) {
  for (const char* name : {"a.jpg", "a.png", "a.webp"}) {
    const std::string whole = ReadText(Image(name, 200, 150));
    ExpectFailure(File(std::string("cut-") + name, whole.substr(0, whole.size() / 2)), "truncated");
  }
}

TEST_F(BadInputTest, ReportsHeadersWithHugeSizes) {
  ExpectFailure(File("huge.png", HugePng()), "30000");
  ExpectFailure(File("huge.bmp", HugeBmp()), "30000");
}

TEST_F(BadInputTest, ReportsMissingFiles) { ExpectFailure(At("no/such/folder/a.jpg"), "No such file"); }

TEST_F(BadInputTest, ProcessesExtremeShapes) {
  const CommandResult result = Estimate(
      {Image("dot.png", 1, 1), Image("line.png", 1, 20000), Image("row.jpg", 20000, 1), "--draw", At("drawn")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto lines = JsonLines(result.out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1]["height"], 20000);
}

TEST_F(BadInputTest, ReportsEmptyStandardInput) {
  const CommandResult result = Estimate({"-"}, {.standard_input = ""});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("posenet: -: ")));
}

TEST_F(BadInputTest, ReportsModelsWithWeightsThatAreNotFinite) {
  std::string bytes = ReadText(model_);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(&bytes[bytes.size() - sizeof(nan)], &nan, sizeof(nan));
  const std::string model = File("nan.safetensors", bytes);
  const CommandResult result = RunCommand({"human", "estimate", "--model", model, Image("good.png")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(model), HasSubstr("finite")));
}

TEST_F(BadInputTest, VerifyReportsModelsThatDoNotMatchTheirHash) {
  std::string bytes = ReadText(model_);
  bytes.back() = '\x3F';
  const CommandResult result = RunCommand({"model", "verify", File("changed.safetensors", bytes)});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("SHA-256")));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST_F(BadInputTest, ReportsDamagedModels) {
  ExpectModelFailure(File("empty.safetensors", ""), "empty");
  ExpectModelFailure(File("text.safetensors", "this is no model, but it is long enough to be one"), "header");
  ExpectModelFailure(File("cut.safetensors", ReadText(model_).substr(0, 3000)), "header");
}

TEST_F(BadInputTest, ReportsHostileModelHeaders) {
  const auto with_header_length = [&](const char* name, std::uint64_t length, const std::string& header) {
    std::string bytes(sizeof(length), '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    return File(name, bytes + header);
  };
  ExpectModelFailure(with_header_length("long.safetensors", std::uint64_t{1} << 63U, "{}"), "header");
  ExpectModelFailure(with_header_length("beyond.safetensors", 1000, "{}"), "header");
  const std::string deep(50'000, '[');
  ExpectModelFailure(with_header_length("deep.safetensors", deep.size(), deep), "header");
  const std::string overflow = R"({"x":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}})";
  ExpectModelFailure(with_header_length("overflow.safetensors", overflow.size(), overflow), "overflows");
}

TEST_F(BadInputTest, ImportReportsMissingShards) {
  const std::string source = File("model.json", R"({"format":"graph-model","modelTopology":{"node":[]},
    "weightsManifest":[{"paths":["group1-shard1of1.bin"],
                        "weights":[{"name":"w","shape":[1],"dtype":"float32"}]}]})");
  const CommandResult result = RunCommand({"model", "import", source, "--output", At("o.safetensors")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("group1-shard1of1.bin")));
  EXPECT_THAT(Files(), ElementsAre("model.json"));
}

TEST_F(BadInputTest, EndsQuietlyIfTheReaderOfStandardOutputIsGone) {
  const std::vector<std::string> arguments(20, Image("a.png"));
  for (const std::vector<std::string>& command : {std::vector<std::string>{"--help"}, {"model", "info", model_}}) {
    const CommandResult result = RunCommand(command, {.standard_output = StandardOutput::kClosedPipe});
    EXPECT_EQ(result.exit_status, 141) << command.front();
    EXPECT_THAT(result.err, IsEmpty());
  }
  const CommandResult closed = Estimate(arguments, {.standard_output = StandardOutput::kClosedPipe});
  EXPECT_EQ(closed.exit_status, 141);
  EXPECT_THAT(closed.err, IsEmpty());
}

TEST_F(BadInputTest, ReportsAFullDiskUnderStandardOutput) {
  const std::vector<std::string> arguments(20, Image("a.png"));
  const CommandResult full = Estimate(arguments, {.standard_output = StandardOutput::kFullDisk});
  EXPECT_EQ(full.exit_status, 1);
  EXPECT_THAT(full.err, AllOf(IsOneMessage(), HasSubstr("No space left on device")));
  const CommandResult help = RunCommand({"--help"}, {.standard_output = StandardOutput::kFullDisk});
  EXPECT_EQ(help.exit_status, 1);
}

TEST_F(BadInputTest, ReportsFullDisksUnderOutputFiles) {
  for (const char* option : {"--json", "--csv", "--coco-results"}) {
    const CommandResult result = Estimate({Image("a.png"), option, "/dev/full"});
    EXPECT_EQ(result.exit_status, 1) << option;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("/dev/full"), HasSubstr("No space left"))) << option;
  }
}

TEST_F(BadInputTest, ReportsOutputsThatCannotBeWrittenBeforeTheWork) {
  // Not even the superuser can create files in /proc.
  for (const char* option : {"--json", "--csv", "--coco-results", "--draw"}) {
    for (const char* name : {"/proc/posenet.png", "/no/such/folder/posenet.png"}) {
      if (std::string(option) == "--draw" && std::string(name).starts_with("/no")) continue;  // Would be created.
      const CommandResult result = Estimate({Image("a.png"), option, name});
      EXPECT_EQ(result.exit_status, 1) << option;
      EXPECT_THAT(result.out, IsEmpty());
      EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(name))) << option;
    }
  }
}

TEST_F(BadInputTest, NeverOverwritesInputs) {
  const std::string image = Image("a.png");
  const std::string before = ReadText(image);
  for (const char* option : {"--json", "--csv", "--coco-results", "--draw"}) {
    const CommandResult result = Estimate({image, option, image});
    EXPECT_EQ(result.exit_status, 2) << option;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("is one of the inputs")));
  }
  EXPECT_EQ(Estimate({At(""), "--draw", At("")}).exit_status, 2);
  EXPECT_EQ(ReadText(image), before);
}

struct UsageCase {
  std::vector<std::string> arguments;
  std::string message;

  // For the names of tests.
  friend std::ostream& operator<<(std::ostream& out, const UsageCase& usage) {
    for (const std::string& argument : usage.arguments) out << argument << ' ';
    return out << ": " << usage.message;
  }
};

class UsageTest : public ::testing::TestWithParam<UsageCase> {};

TEST_P(UsageTest, PrintsOneMessageAndDoesNothing) {
  const CommandResult result = RunCommand(GetParam().arguments);
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(GetParam().message), HasSubstr("--help')")));
}

// Options that have no effect without another, or with it: the message names both.
std::vector<UsageCase> UselessOptionCases() {
  const auto estimate = [](std::vector<std::string> options, const char* message) {
    options.insert(options.begin(), {"human", "estimate", "a.jpg"});
    return UsageCase{options, message};
  };
  const auto eval = [](std::vector<std::string> options, const char* message) {
    options.insert(options.begin(), {"human", "eval", "--annotations", "a.json"});
    return UsageCase{options, message};
  };
  std::vector<UsageCase> cases = {
      estimate({"--single", "--max-poses", "3"}, "--max-poses has no effect with --single"),
      estimate({"--single", "--score-threshold", "0.2"}, "--score-threshold has no effect with --single"),
      estimate({"--nms-radius", "9", "--single"}, "--nms-radius has no effect with --single"),
      eval({"--images", "i", "--single", "--max-poses", "3"}, "--max-poses has no effect with --single"),
      eval({"--images", "i", "--pretty"}, "--pretty has no effect without --json"),
      eval({"--images", "i", "--min-keypoint-score", "1"},
           "--min-keypoint-score has no effect without --csv, --openpose or --draw"),
      {{"model", "info", "a", "--pretty"}, "--pretty has no effect without --json"},
      {{"model", "quantize", "a", "--images", "b", "--output", "c.safetensors", "--to", "bf16", "--time-budget", "2"},
       "--time-budget has no effect with --to bf16"},
      {{"camera", "localize", "--model", "a", "--seed", "3", "a.jpg"}, "--seed has no effect without --uncertainty"},
      {{"camera", "eval", "a", "--model", "b", "--seed", "3"}, "--seed has no effect without --uncertainty"},
  };
  const std::vector<std::vector<std::string>> useless_with_detections = {{"--images", "i"},
                                                                         {"--model", "m"},
                                                                         {"--size", "257"},
                                                                         {"--fit", "crop"},
                                                                         {"--resample", "nearest"},
                                                                         {"--threads", "1"},
                                                                         {"--precision", "fp32"},
                                                                         {"--output-stride", "8"},
                                                                         {"--single"},
                                                                         {"--max-poses", "3"},
                                                                         {"--nms-radius", "9"},
                                                                         {"--score-threshold", "0.1"},
                                                                         {"--min-pose-score", "0.1"},
                                                                         {"--decoder", "coral"},
                                                                         {"--flip-horizontal"},
                                                                         {"--min-keypoint-score", "0.1"},
                                                                         {"--csv", "o"},
                                                                         {"--coco-results", "o"},
                                                                         {"--draw", "o"}};
  for (std::vector<std::string> option : useless_with_detections) {
    const std::string message = option.front() + " has no effect with --detections";
    option.insert(option.end(), {"--detections", "d.json"});
    cases.push_back(eval(option, message.c_str()));
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(OptionsWithoutEffect, UsageTest, ::testing::ValuesIn(UselessOptionCases()));

// What is no image, and what to use instead.
std::vector<UsageCase> NoImageCases() {
  std::vector<UsageCase> cases;
  for (const char* command : {"human estimate", "camera localize"}) {
    const std::string group = std::string(command).substr(0, std::string(command).find(' '));
    const std::string name = std::string(command).substr(group.size() + 1);
    for (const auto& [input, message] : std::vector<std::pair<std::string, std::string>>{
             {"0", "0: there is no such file; for a webcam, use 'posenet human video camera:0'"},
             {"/dev/video0", "/dev/video0: is a webcam; use 'posenet human video camera:/dev/video0'"},
             {"img%d.png", "img%d.png: is a pattern; pass the folder of the images"},
             {"dance.mp4", "dance.mp4: is a video; use 'posenet human video dance.mp4'"},
             {"rtsp://user:secret@camera.local/1", "rtsp://***@camera.local/1: is a URL"}}) {
      cases.push_back({{group, name, "--model", "a", input}, message});
    }
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(NoImages, UsageTest, ::testing::ValuesIn(NoImageCases()));

std::vector<UsageCase> UsageCases() {
  std::vector<UsageCase> cases = {
      {{}, "expected a command"},
      {{"human"}, "expected a command"},
      {{"dance"}, "unknown command 'dance': expected human, camera, serve, bench or model"},
      {{"human", "dance"}, "unknown command 'dance': expected estimate, eval or video"},
      {{"model", "info", "a", "b"}, "unexpected argument 'b'"},
      {{"model", "info", "a", "--max", "5"}, "unknown option '--max'"},
      {{"model", "info", "a", "--max=5"}, "unknown option '--max'"},
      {{"human", "estimate"}, "INPUT is required"},
      {{"human", "eval"}, "--annotations is required"},
      {{"human", "eval", "--annotations", "a.json"}, "expected --images, to run the network, or --detections"},
      {{"human", "eval", "--annotations", "a.json", "--images", "/no/such"}, "expected a folder"},
      {{"human", "eval", "--annotations", "/no/such.json", "--detections", "d.json"}, "/no/such.json"},
      {{"model", "info", "/no/such.safetensors"}, "no such model file"},
      {{"model", "verify", "nonesuch"}, "no model named 'nonesuch'"},
      {{"model", "import", "a.json"}, "--output is required"},
      {{"model", "import", "/no/such.json", "--output", "/tmp/a.safetensors"}, "/no/such.json: no such file"},
      {{"model", "import", "a.json", "--output", "z.onnx"}, "a name that ends in .safetensors, got 'z.onnx'"},
      {{"model", "quantize", "a", "--images", "b", "--output", "z.onnx"}, "a name that ends in .safetensors"},
      {{"model", "export", "a", "--output", "q.tflite"}, "a name that ends in .onnx, got 'q.tflite'"},
      {{"bench", "--size", "many"}, "expected a whole number from 32 to 8192, got 'many'"},
      {{"bench", "--precision", "fp64"}, "expected auto, fp32, bf16 or int8, got 'fp64'"},
      {{"model", "quantize", "a", "--time-budget", "3"}, "expected a number from 1 to 2, got '3'"},
  };
  const std::vector<std::tuple<const char*, const char*, const char*>> options = {
      {"--bogus", "1", "unknown option '--bogus'"},
      {"--model", "/no/such.safetensors", "no such model file"},
      {"--model", "nonesuch", "no model named 'nonesuch'"},
      {"--size", "5000000", "expected N or WxH"},
      {"--size", "0", "expected N or WxH"},
      {"--size", "641x", "expected N or WxH"},
      {"--output-stride", "12", "expected 8, 16 or 32"},
      {"--threads", "-1", "expected a whole number"},
      {"--max-poses", "0", "expected a whole number"},
      {"--max-poses", "many", "expected a whole number"},
      {"--score-threshold", "nan", "expected a number from 0 to 1"},
      {"--score-threshold", "2", "expected a number from 0 to 1"},
      {"--nms-radius", "0", "expected a number above 0"},
      {"--min-pose-score", "-0.1", "expected a number from 0 to 1"},
      {"--min-keypoint-score", "inf", "expected a number from 0 to 1"},
      {"--decoder", "openpose", "expected hough, tfjs or coral"},
      {"--csv", "", "expected the name of a file"},
  };
  for (const auto& [option, value, message] : options)
    cases.push_back({{"human", "estimate", option, value, "a.jpg"}, message});
  return cases;
}

INSTANTIATE_TEST_SUITE_P(CommandLines, UsageTest, ::testing::ValuesIn(UsageCases()));

TEST_F(BadInputTest, RejectsContradictoryOptions) {
  const std::vector<std::tuple<std::vector<std::string>, const char*>> cases = {
      {{"--single", "--decoder", "coral", "a.jpg"}, "coral cannot be combined"},
      {{"--decoder", "hough", "--single", "a.jpg"}, "hough cannot be combined"},
      {{"--json", At("o"), "--csv", At("o"), "a.jpg"}, "two options write to this file"},
      {{"--draw", At("o.png"), "a.jpg", "b.jpg"}, "expected a folder"},
      {{"--draw", At("o.gif"), "a.jpg"}, "ends in .png"},
      {{"--output-stride", "32", "a.jpg"}, "32"},
      {{"--max-poses", "1", "--max-poses", "2", "a.jpg"}, "exactly one value"},
  };
  for (const auto& [arguments, message] : cases) {
    const CommandResult result = RunCommand([&] {
      std::vector<std::string> all = {"human", "estimate", "--model", model_};
      all.insert(all.end(), arguments.begin(), arguments.end());
      return all;
    }());
    EXPECT_EQ(result.exit_status, 2) << message;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(message)));
  }
  EXPECT_THAT(Files(), IsEmpty());
}

}  // namespace
}  // namespace posenet::cli
