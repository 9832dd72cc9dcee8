// SPDX-License-Identifier: Apache-2.0
// Photos as a camera would see them at another moment.
#ifndef POSENET_BENCH_TRACK_SENSOR_H_
#define POSENET_BENCH_TRACK_SENSOR_H_

#include <random>

#include "image/image.h"

namespace posenet::bench {

/// `image` as a sensor would have seen it another time: with noise of 4 of 255, a webcam's indoors before it is
/// compressed.
image::Image Reseen(const image::Image& image, std::mt19937& random);

/// The part of `image` that begins at column `x`, row `y`; it must lie inside, and the image must outlive it.
ImageView CutOut(const image::Image& image, int x, int y, int width_px, int height_px);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_SENSOR_H_
