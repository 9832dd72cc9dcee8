// SPDX-License-Identifier: Apache-2.0
// Videos for tests, made on the spot.
#ifndef POSENET_VIDEO_TESTING_VIDEO_FILES_H_
#define POSENET_VIDEO_TESTING_VIDEO_FILES_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "image/image.h"

namespace posenet::video {

/// An image of one gray, which codecs keep nearly as it is. Grays repeat after 25 numbers.
image::Image NumberedImage(int number, int width_px = 64, int height_px = 48);

/// The number, from 0 to 24, in an image of NumberedImage, by its mean gray.
int NumberIn(const image::Image& image);

/// Writes a video of NumberedImages at `times_s`. Fails the test when that does not work.
void WriteNumberedVideo(const std::filesystem::path& path, std::span<const double> times_s, double frames_per_s);

/// `count` times, `step_s` apart.
std::vector<double> EvenTimes(int count, double step_s);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_TESTING_VIDEO_FILES_H_
