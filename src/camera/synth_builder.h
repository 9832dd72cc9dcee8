// SPDX-License-Identifier: Apache-2.0
// Made-up places under construction: walls with images on them, and boxes.
#ifndef POSENET_CAMERA_SYNTH_BUILDER_H_
#define POSENET_CAMERA_SYNTH_BUILDER_H_

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "camera/synth.h"
#include "camera/synth_pattern.h"

namespace posenet::camera::synth {

/// A wall from its top left corner, as seen by those who look at it.
struct Wall {
  Vector3 corner_m;
  Vector3 right;   ///< Unit length.
  Vector3 inward;  ///< Unit length, towards those who look at it.
  double width_m = 0.0;
};

/// A closed box to be in, its floor at y = 0.
struct Interior {
  double low_x_m = 0.0;
  double high_x_m = 0.0;
  double low_z_m = 0.0;
  double high_z_m = 0.0;
  double height_m = 0.0;

  [[nodiscard]] std::array<Wall, 4> Walls() const;
};

/// How many blobs the surfaces of an Interior have.
struct InteriorBlobs {
  int floor = 0;
  int ceiling = 0;
  int wall = 0;
};

/// Images in rows and columns.
struct ImageRows {
  int columns = 0;
  std::vector<double> heights_m;  ///< Of the rows' centres, from the top of the wall down.
  double shortest_m = 0.0;        ///< An image's longer side lies between these.
  double longest_m = 0.0;
  double off_center_m = 0.1;  ///< How far images may be from where they should be.
};

/// A box that stands on the ground.
struct BoxPlace {
  Vector3 center_m;  ///< On the ground.
  double turn_deg = 0.0;
  Vector3 size_m;  ///< Width, height, depth.
};

class Builder {
 public:
  /// Images show `photos` in turn, or patterns where there are none.
  Builder(std::vector<image::Image> photos, Random& random);

  void Add(const Vector3& corner_m, const Vector3& edge_u_m, const Vector3& edge_v_m, std::size_t texture);
  /// A texture for a surface of that size.
  std::size_t AddPattern(double width_m, double height_m, double px_per_m, const PatternStyle& style);
  /// Floor, ceiling and walls.
  void AddInterior(const Interior& interior, const InteriorBlobs& blobs);
  /// An image for each place, in the proportions of its photo.
  void AddImages(const Wall& wall, const ImageRows& rows);
  /// The five sides that can be seen.
  void AddBox(const BoxPlace& place);

  World Take() { return std::move(world_); }

 private:
  std::size_t NextPhoto() { return next_photo_++ % photo_count_; }

  Random& random_;
  World world_;
  std::size_t photo_count_ = 0;
  std::size_t next_photo_ = 0;
};

}  // namespace posenet::camera::synth

#endif  // POSENET_CAMERA_SYNTH_BUILDER_H_
