// SPDX-License-Identifier: Apache-2.0
// Which part of a photo a camera network sees: one rule for those who train networks and those who run them.
#ifndef POSENET_CAMERA_VIEW_H_
#define POSENET_CAMERA_VIEW_H_

#include <vector>

#include "image/antialias.h"

namespace posenet::camera {

/// The largest centred part of a photo that has the input's shape, not rounded to whole pixels, its sides times
/// `crop_share`, in (0, 1]. All sizes at least 1.
image::ViewRectangle CentralView(int photo_width_px, int photo_height_px, int input_width_px, int input_height_px,
                                 double crop_share);

/// Views of CentralView's size whose centres are spread evenly over the photo, outermost ones at its edges: a grid of
/// as nearly `count` views as one of the shape of what they can be moved over has, row by row. Where there is no room
/// to move in one direction, they lie in a line along the other; the central view alone where there is none at all.
/// Kendall et al. 2015 average over 128 of them. Precondition: `count` is at least 1.
std::vector<image::ViewRectangle> DenseViews(int photo_width_px, int photo_height_px, int input_width_px,
                                             int input_height_px, double crop_share, int count);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_VIEW_H_
