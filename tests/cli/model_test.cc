// SPDX-License-Identifier: Apache-2.0
// posenet model, and the help of every command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli_fixture.h"

namespace posenet::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using ModelTest = CliTest;

TEST_F(ModelTest, InfoDescribesAFile) {
  const CommandResult result = RunCommand({"model", "info", "--layers", model_});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("name           tiny\n"), HasSubstr("output stride  16\n"),
                    HasSubstr("conv0             conv 3x3 stride 2 relu6  input"), HasSubstr("displacement_bwd")));
  EXPECT_THAT(RunCommand({"model", "info", model_}).out, ::testing::Not(HasSubstr("conv0")));
}

TEST_F(ModelTest, InfoDescribesAFileInJson) {
  const auto json = nlohmann::json::parse(RunCommand({"model", "info", "--layers", "--json", model_}).out);
  EXPECT_EQ(json["name"], "tiny");
  EXPECT_EQ(json["layers"].size(), 8U);
  EXPECT_EQ(json["layers"][0]["parameters"], 3 * 3 * 3 * 4 + 4);
  EXPECT_EQ(json["outputs"].size(), 4U);
}

TEST_F(ModelTest, VerifyChecksAFile) {
  const CommandResult result = RunCommand({"model", "verify", model_});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(::testing::StartsWith("OK "), HasSubstr("sha256 ")));
}

TEST_F(ModelTest, ImportNeverOverwritesItsSource) {
  const std::string source = File("model.safetensors", "{}");
  const CommandResult result = RunCommand({"model", "import", source, "--output", source});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("is the source itself")));
  EXPECT_EQ(ReadText(source), "{}");
}

TEST_F(ModelTest, ExportWritesOnnx) {
  const CommandResult any = RunCommand({"model", "export", model_, "--output", At("any.onnx")});
  EXPECT_EQ(any.exit_status, 0) << any.err;
  EXPECT_THAT(any.out, AllOf(HasSubstr("any.onnx: tiny, "), HasSubstr("stride 16, input [1, 3, height, width]")));
  const CommandResult fixed =
      RunCommand({"model", "export", model_, "--output", At("fixed.onnx"), "--size", "65x33", "--output-stride", "8"});
  EXPECT_EQ(fixed.exit_status, 0) << fixed.err;
  EXPECT_THAT(fixed.out, HasSubstr("stride 8, input [1, 3, 33, 65]"));
  EXPECT_THAT(Files(), ::testing::UnorderedElementsAre("any.onnx", "fixed.onnx"));
  EXPECT_THAT(ReadText(At("any.onnx")), AllOf(HasSubstr("posenet.input_scale"), HasSubstr("displacement_bwd")));
}

TEST_F(ModelTest, ExportReportsWhatItCannotDo) {
  const auto exported = [&](const std::string& model, const std::string& output, const std::string& option = "--size",
                            const std::string& value = "65") {
    return RunCommand({"model", "export", model, "--output", output, option, value});
  };
  EXPECT_EQ(exported(model_, model_).exit_status, 2);
  EXPECT_EQ(exported("no-such-model", At("a.onnx")).exit_status, 2);
  EXPECT_EQ(exported(model_, At("a.onnx"), "--size", "many").exit_status, 2);
  EXPECT_EQ(exported(model_, At("a.onnx"), "--output-stride", "7").exit_status, 2);
  const CommandResult stride = exported(model_, At("a.onnx"), "--output-stride", "32");
  EXPECT_EQ(stride.exit_status, 2);
  EXPECT_THAT(stride.err, AllOf(IsOneMessage(), HasSubstr("tiny.safetensors: ")));
  const CommandResult damaged = exported(File("damaged.safetensors", "damaged"), At("a.onnx"));
  EXPECT_EQ(damaged.exit_status, 1);
  EXPECT_THAT(damaged.err, AllOf(IsOneMessage(), HasSubstr("damaged.safetensors")));
  const CommandResult nowhere = exported(model_, At("no/such/folder/a.onnx"));
  EXPECT_EQ(nowhere.exit_status, 1);
  EXPECT_THAT(nowhere.err, AllOf(IsOneMessage(), HasSubstr("a.onnx")));
  EXPECT_THAT(Files(), ::testing::ElementsAre("damaged.safetensors"));
}

TEST_F(ModelTest, ListSucceedsWithAndWithoutModels) {
  const CommandResult result = RunCommand({"model", "list"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, ::testing::AnyOf(HasSubstr("/no/such/folder"), HasSubstr("ARCHITECTURE")));
}

// The commands that the help of `command` lists, with their descriptions.
std::map<std::string, std::string> ListedCommands(const std::string& help) {
  std::map<std::string, std::string> listed;
  const std::size_t begin = help.find("\nCommands:\n");
  if (begin == std::string::npos) return listed;
  std::istringstream lines(help.substr(begin + 1, help.find("\n\n", begin) - begin));
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  ") || line.size() < 28) continue;
    if (line[2] != ' ') name = line.substr(2, line.find(' ', 2) - 2);
    listed[name] += line.substr(27);
  }
  return listed;
}

// The groups of commands, and the commands of each.
using Commands = std::vector<std::pair<std::string, std::vector<std::string>>>;
const Commands& AllCommands() {
  static const Commands commands = {{"", {"bench", "camera", "human", "model", "serve"}},
                                    {"human", {"estimate", "eval", "video"}},
                                    {"camera", {"eval", "inspect", "localize", "pretrain", "score", "synth", "train"}},
                                    {"model", {"export", "import", "info", "list", "quantize", "verify"}}};
  return commands;
}

struct CommandHelp {
  std::string command;  // "camera eval"; "" for that of posenet itself.
  CommandResult result;
};

// The help of every command. Programs that were not built, for lack of libtorch or FFmpeg, have none.
std::vector<CommandHelp> AllHelp() {
  std::vector<CommandHelp> all = {{"", RunCommand({"--help"})}};
  for (const auto& [group, commands] : AllCommands()) {
    for (const std::string& command : commands) {
      std::vector<std::string> arguments = {command, "--help"};
      if (!group.empty()) arguments.insert(arguments.begin(), group);
      CommandResult result = RunCommand(arguments);
      const bool is_built = result.err.find("is neither beside this program") == std::string::npos;
      if (is_built) all.push_back({group.empty() ? command : group + " " + command, std::move(result)});
    }
  }
  return all;
}

TEST(Help, ListsEveryCommandWithADescription) {
  for (const auto& [group, commands] : AllCommands()) {
    std::vector<std::string> arguments = {"--help"};
    if (!group.empty()) arguments.insert(arguments.begin(), group);
    const CommandResult result = RunCommand(arguments);
    std::vector<std::string> listed;
    for (const auto& [name, description] : ListedCommands(result.out)) {
      listed.push_back(name);
      EXPECT_THAT(description, ::testing::MatchesRegex("[A-Z].*\\.")) << group << ' ' << name;
    }
    EXPECT_EQ(listed, commands) << result.out;
  }
}

void ExpectFitsEightyColumns(const CommandResult& help) {
  EXPECT_EQ(help.exit_status, 0);
  EXPECT_THAT(help.err, IsEmpty());
  EXPECT_THAT(help.out, HasSubstr("Usage: posenet"));
  std::istringstream lines(help.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

void ExpectExitStatuses(const CommandResult& help) {
  EXPECT_THAT(help.out, AllOf(HasSubstr("Exit status:\n  0    "), HasSubstr("\n  1    "), HasSubstr("\n  2    "),
                              HasSubstr("\n  130  "), HasSubstr("\n  143  ")));
}

std::vector<std::string> Documents(const CommandResult& help) {
  static const std::regex document("[A-Za-z0-9_/.-]+\\.md\\b");
  std::vector<std::string> documents;
  for (std::sregex_iterator match(help.out.begin(), help.out.end(), document), end; match != end; ++match) {
    documents.push_back(match->str());
  }
  return documents;
}

// In one test, because the commands are many.
TEST(Help, OfEveryCommandFitsEightyColumnsAndNamesExitStatusesAndDocumentsThatExist) {
  std::vector<std::string> found;
  for (const auto& [command, help] : AllHelp()) {
    SCOPED_TRACE(command);
    ExpectFitsEightyColumns(help);
    const bool is_group = command == "camera" || command == "human" || command == "model";
    if (!is_group) ExpectExitStatuses(help);
    for (const std::string& document : Documents(help)) {
      found.push_back(document);
      EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::path(POSENET_SOURCE_DIR) / document)) << document;
    }
  }
  EXPECT_THAT(found, ::testing::Contains("docs/reference/scene-formats.md"));
}

TEST(Help, NamesUnitsAndDefaults) {
  const std::string help = RunCommand({"human", "estimate", "--help"}).out;
  for (const char* text : {"257", "513", "801", "[mobilenet100]", "[0.1", "[10", "hough|tfjs|coral",
                           "Examples:", "--flip-horizontal", "--coco-results"}) {
    EXPECT_THAT(help, HasSubstr(text));
  }
}

TEST(Version, IsOneLine) { EXPECT_THAT(RunCommand({"--version"}).out, ::testing::MatchesRegex("posenet [0-9.]+\n")); }

}  // namespace
}  // namespace posenet::cli
