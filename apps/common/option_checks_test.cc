// SPDX-License-Identifier: Apache-2.0
#include "common/option_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "common/command_error.h"

namespace posenet::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Parses `arguments`; returns the message of the error, or nothing.
std::string Parse(CLI::App& app, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back.
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return error.what();
  } catch (const CommandError& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    return error.what();
  }
  return "";
}

TEST(AddInt, AcceptsItsRange) {
  for (const char* text : {"1", "8"}) {
    CLI::App app;
    int value = 0;
    AddInt(app, "--n", value, 1, 8, "");
    EXPECT_EQ(Parse(app, {"--n", text}), "");
    EXPECT_EQ(std::to_string(value), text);
  }
  for (const char* text : {"0", "9", "-1", "2.5", "two", ""}) {
    CLI::App app;
    int value = 0;
    AddInt(app, "--n", value, 1, 8, "");
    EXPECT_EQ(Parse(app, {"--n", text}), std::string("--n: expected a whole number from 1 to 8, got '") + text + "'");
    EXPECT_EQ(value, 0);
  }
}

TEST(AddInts, ReplacesTheDefaultAndTakesOneValueAtATime) {
  CLI::App app;
  std::vector<int> values = {257, 513};
  std::string positional;
  AddInts(app, "--size", values, 32, 8192, "");
  app.add_option("IMAGE", positional);
  EXPECT_EQ(Parse(app, {"--size", "33", "--size", "65", "65"}), "");
  EXPECT_THAT(values, ElementsAre(33, 65));
  EXPECT_EQ(positional, "65");
}

TEST(AddInts, RejectsOtherValues) {
  CLI::App app;
  std::vector<int> values;
  AddInts(app, "--size", values, 32, 8192, "");
  EXPECT_THAT(Parse(app, {"--size", "65", "--size", "big"}), HasSubstr("a whole number from 32 to 8192, got 'big'"));
}

TEST(AddScore, AcceptsZeroToOne) {
  for (const char* text : {"0", "0.5", "1"}) {
    CLI::App app;
    float score = -1.0F;
    AddScore(app, "--score", score, "");
    EXPECT_EQ(Parse(app, {"--score", text}), "");
    EXPECT_EQ(score, std::stof(text));
  }
  for (const char* text : {"-0.1", "1.1", "nan", "x"}) {
    CLI::App app;
    float score = -1.0F;
    AddScore(app, "--score", score, "");
    EXPECT_THAT(Parse(app, {"--score", text}), HasSubstr("expected a number from 0 to 1"));
  }
}

TEST(AddPath, RejectsNoNameAndStandardStreams) {
  for (const char* text : {"", "-"}) {
    CLI::App app;
    std::string path;
    AddPath(app, "--csv", path, "FILE", "");
    EXPECT_THAT(Parse(app, {"--csv", text}), HasSubstr("expected the name of a file"));
  }
}

TEST(AddOutputFile, RequiresItsExtension) {
  CLI::App good;
  std::string path;
  AddOutputFile(good, "--output", path, ".onnx", "");
  EXPECT_EQ(Parse(good, {"--output", "a/b.onnx"}), "");
  EXPECT_EQ(path, "a/b.onnx");
  for (const char* text : {"q.tflite", "onnx", "a.onnx/b", ""}) {
    CLI::App bad;
    AddOutputFile(bad, "--output", path, ".onnx", "");
    EXPECT_EQ(Parse(bad, {"--output", text}),
              std::string("--output: expected a name that ends in .onnx, got '") + text + "'");
  }
}

TEST(AddSize, TakesASideOrWidthAndHeight) {
  CLI::App app;
  PoseEstimatorOptions options;
  AddSize(app, "--size", options, "");
  EXPECT_EQ(Parse(app, {"--size", "641x481"}), "");
  EXPECT_EQ(options.input_width_px, 641);
  EXPECT_EQ(options.input_height_px, 481);
  CLI::App small;
  AddSize(small, "--size", options, "");
  EXPECT_THAT(Parse(small, {"--size", "31"}), HasSubstr("expected N or WxH"));
}

// --report, --html and --log, of which --log needs one of the others.
std::string ParseLog(const std::vector<std::string>& arguments) {
  CLI::App app;
  for (const char* name : {"--report", "--html", "--log"}) app.add_flag(name);
  app.callback([&app] { CheckOptionsNeed(app, {"--log"}, {"--report", "--html"}); });
  return Parse(app, arguments);
}

TEST(CheckOptionsNeed, NamesBothOptions) {
  EXPECT_EQ(ParseLog({"--log"}), "--log has no effect without --report or --html");
  EXPECT_EQ(ParseLog({"--log", "--html"}), "");
  EXPECT_EQ(ParseLog({"--report"}), "");
  EXPECT_EQ(ParseLog({}), "");
}

std::string ParseEpochs(const std::vector<std::string>& arguments) {
  CLI::App app;
  for (const char* name : {"--epochs", "--minutes"}) app.add_flag(name);
  app.callback([&app] { CheckOptionsExclude(app, {"--minutes"}, "--epochs"); });
  return Parse(app, arguments);
}

TEST(CheckOptionsExclude, NamesBothOptions) {
  EXPECT_EQ(ParseEpochs({"--epochs", "--minutes"}), "--minutes has no effect with --epochs");
  EXPECT_EQ(ParseEpochs({"--epochs"}), "");
  EXPECT_EQ(ParseEpochs({"--minutes"}), "");
}

}  // namespace
}  // namespace posenet::app
