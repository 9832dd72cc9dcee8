// SPDX-License-Identifier: Apache-2.0
// Builds synthetic places of walls with images on them, and boxes.
#ifndef POSENET_CAMERA_SYNTH_BUILDER_H_
#define POSENET_CAMERA_SYNTH_BUILDER_H_

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "camera/synth.h"
#include "camera/synth_pattern.h"

namespace posenet::camera::synth {

/// A wall, seen from its front.
struct Wall {
  Vector3 corner_m;  ///< Top left.
  Vector3 right;     ///< Unit length.
  Vector3 inward;    ///< Unit length, the normal of the front.
  double width_m = 0.0;
};

/// An axis-aligned room, its floor at y = 0.
struct Interior {
  double low_x_m = 0.0;
  double high_x_m = 0.0;
  double low_z_m = 0.0;
  double high_z_m = 0.0;
  double height_m = 0.0;

  [[nodiscard]] std::array<Wall, 4> Walls() const;
};

/// Numbers of blobs (PatternStyle) on the surfaces of an Interior.
struct InteriorBlobs {
  int floor = 0;
  int ceiling = 0;
  int wall = 0;
};

/// A grid of images on a wall.
struct ImageGrid {
  int columns = 0;
  std::vector<double> heights_m;  ///< Distances of the rows' centers from the top of the wall.
  double shortest_m = 0.0;        ///< Range of the longer side of an image.
  double longest_m = 0.0;
  double jitter_m = 0.1;  ///< Maximum displacement along the wall; up and down 0.8 times that.
};

/// A box on the ground.
struct BoxPlace {
  Vector3 center_m;  ///< On the ground.
  double turn_deg = 0.0;
  Vector3 size_m;  ///< Width, height, depth.
};

class Builder {
 public:
  /// Images show `photos` in turn, or patterns if there are none.
  Builder(std::vector<image::Image> photos, Random& random);

  void Add(const Vector3& corner_m, const Vector3& edge_u_m, const Vector3& edge_v_m, std::size_t texture);
  /// Adds a pattern for a surface of that size; returns its texture.
  std::size_t AddPattern(double width_m, double height_m, double px_per_m, const PatternStyle& style);
  /// Adds floor, ceiling and walls.
  void AddInterior(const Interior& interior, const InteriorBlobs& blobs);
  /// Adds an image in each cell of `grid`, with the aspect ratio of its photo.
  void AddImages(const Wall& wall, const ImageGrid& grid);
  /// Adds the five visible sides.
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
