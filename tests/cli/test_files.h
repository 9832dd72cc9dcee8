// SPDX-License-Identifier: Apache-2.0
// Images and models for the tests of the command, good and bad.
#ifndef POSENET_TESTS_CLI_TEST_FILES_H_
#define POSENET_TESTS_CLI_TEST_FILES_H_

#include <filesystem>
#include <string>

namespace posenet::cli {

/// What the heatmaps of a test model show, for any image.
enum class Sees { kPeople, kNoPeople };

/// Writes a model small enough for a test: four convolutions of stride 2 and the four heads, with weights of 0 and a
/// heatmap bias that detects people everywhere or nowhere. Returns `file` as text.
std::string WriteTinyModel(const std::filesystem::path& file, Sees sees);

/// MoveNets small enough for a test, for inputs of 64 px. They find the same in every image.
enum class TinyMoveNet {
  kStanding,   ///< One person in the middle of the image; refining a pose again does not change it.
  kWalking,    ///< The same, but refining a pose moves it to the right by 1/128 of the crop.
  kMultiPose,  ///< Several people, by random weights.
};

/// Writes such a model. Returns `file` as text.
std::string WriteTinyMoveNet(const std::filesystem::path& file, TinyMoveNet kind);

/// Writes a colorful image in the format of the file name extension. Returns `file` as text.
std::string WriteImage(const std::filesystem::path& file, int width_px, int height_px);

/// The bytes of a small image file with 30000 x 30000 pixels according to its header.
std::string HugePng();
std::string HugeBmp();

std::string ReadText(const std::filesystem::path& file);
void WriteText(const std::filesystem::path& file, const std::string& content);

}  // namespace posenet::cli

#endif  // POSENET_TESTS_CLI_TEST_FILES_H_
