// SPDX-License-Identifier: Apache-2.0
// Simulation of video frames from photos.
#ifndef POSENET_BENCH_TRACK_SENSOR_H_
#define POSENET_BENCH_TRACK_SENSOR_H_

#include <random>

#include "image/image.h"
#include "posenet/follow.h"

namespace posenet::bench {

/// `image` with Gaussian noise of standard deviation 4 (of 255), that of a webcam indoors before compression.
image::Image WithSensorNoise(const image::Image& image, std::mt19937& random);

/// The part of `image` at `region`, which must be inside. `image` must outlive the view.
ImageView Crop(const image::Image& image, const PixelRegion& region);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_SENSOR_H_
