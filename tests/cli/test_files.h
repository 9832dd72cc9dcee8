// SPDX-License-Identifier: Apache-2.0
// Images and models for the tests of the command, good and bad.
#ifndef POSENET_TESTS_CLI_TEST_FILES_H_
#define POSENET_TESTS_CLI_TEST_FILES_H_

#include <filesystem>
#include <string>

namespace posenet::cli {

/// What the heatmaps of a test model say everywhere.
enum class Sees { kPeople, kNobody };

/// Writes a model small enough for a test: four convolutions of stride 2 and the four heads, all of whose weights are 0
/// and whose heatmap bias decides what it sees in any image. Answers `file` as text.
std::string WriteTinyModel(const std::filesystem::path& file, Sees sees);

/// Writes a colourful image in the format that the name ends with. Answers `file` as text.
std::string WriteImage(const std::filesystem::path& file, int width_px, int height_px);

/// The bytes of an image file with the size in its header replaced by 30000 x 30000.
std::string HugePng();
std::string HugeBmp();

std::string ReadText(const std::filesystem::path& file);
void WriteText(const std::filesystem::path& file, const std::string& content);

}  // namespace posenet::cli

#endif  // POSENET_TESTS_CLI_TEST_FILES_H_
