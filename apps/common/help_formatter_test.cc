// SPDX-License-Identifier: Apache-2.0
#include "common/help_formatter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace posenet::app {
namespace {

TEST(WrapText, BreaksAtSpaces) {
  EXPECT_EQ(WrapText("one two three", 7), "one two\nthree");
  EXPECT_EQ(WrapText("one two three", 80), "one two three");
  EXPECT_EQ(WrapText("extraordinary one", 5), "extraordinary\none");
  EXPECT_EQ(WrapText("", 5), "");
}

TEST(FirstSentence, IsTheWholeTextOfASingleSentence) {
  EXPECT_EQ(FirstSentence("Serve poses over HTTP."), "Serve poses over HTTP.");
  EXPECT_EQ(FirstSentence("No period"), "No period");
  EXPECT_EQ(FirstSentence(""), "");
}

TEST(FirstSentence, EndsAtTheFirstPeriodBeforeASpace) {
  EXPECT_EQ(FirstSentence("Read posenet.json. Then stop."), "Read posenet.json.");
}

TEST(ExitStatusHelp, ListsEveryStatus) {
  EXPECT_EQ(ExitStatusHelp("success", "a file is damaged"),
            "Exit status:\n"
            "  0    success\n"
            "  1    a file is damaged\n"
            "  2    the command line is wrong; nothing was done\n"
            "  130  interrupted (Ctrl-C)\n"
            "  143  terminated (SIGTERM)");
}

TEST(ExitStatusHelp, StatesWhatSignalsMean) {
  EXPECT_THAT(ExitStatusHelp("success", "failure", {.interrupted = "stopped; --resume continues"}),
              ::testing::EndsWith("  130  stopped; --resume continues\n  143  terminated (SIGTERM)"));
}

TEST(ExitStatusHelp, WrapsLongMeanings) {
  const std::string text = ExitStatusHelp("success", std::string(60, 'a') + " " + std::string(60, 'b'));
  EXPECT_NE(text.find("  1    " + std::string(60, 'a') + "\n       " + std::string(60, 'b') + "\n"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace posenet::app
