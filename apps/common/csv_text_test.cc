// SPDX-License-Identifier: Apache-2.0
#include "common/csv_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace posenet::app {
namespace {

TEST(CsvText, QuotesSeparatorsQuotesAndNewlines) {
  EXPECT_EQ(CsvText("plain text"), "plain text");
  EXPECT_EQ(CsvText("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvText("a \"b\""), "\"a \"\"b\"\"\"");
  EXPECT_EQ(CsvText("a\nb"), "\"a\nb\"");
}

TEST(CsvText, ReplacesInvalidUtf8) { EXPECT_EQ(CsvText("a\xFF"), "a\xEF\xBF\xBD"); }

TEST(CsvNumber, IsEmptyIfNotFinite) {
  EXPECT_EQ(CsvNumber(0.25, 3), "0.25");
  EXPECT_EQ(CsvNumber(std::numeric_limits<double>::quiet_NaN(), 3), "");
  EXPECT_EQ(CsvNumber(std::numeric_limits<double>::infinity(), 3), "");
}

}  // namespace
}  // namespace posenet::app
