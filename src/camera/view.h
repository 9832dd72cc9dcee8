// SPDX-License-Identifier: Apache-2.0
// Which part of a photo a camera network sees: one rule for training and for localization.
#ifndef POSENET_CAMERA_VIEW_H_
#define POSENET_CAMERA_VIEW_H_

#include <vector>

#include "image/antialias.h"
#include "image/size.h"

namespace posenet::camera {

/// The largest centered part of a photo of size `photo` with the aspect ratio of a network's `input`, not rounded to
/// whole pixels, its sides times `crop_share`, which is in (0, 1].
image::ViewRectangle CentralView(image::Size photo, image::Size input, double crop_share);

/// About `count` views of CentralView's size in a grid, row by row, spread evenly over the photo with the outermost
/// ones at its edges. The grid is as near to `count` cells, as nearly square, as whole numbers allow. It is a line if
/// views can move in one direction only, and the central view alone if in none. Kendall et al. 2015 average over 128.
/// Precondition: `count` is at least 1.
std::vector<image::ViewRectangle> DenseViews(image::Size photo, image::Size input, double crop_share, int count);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_VIEW_H_
