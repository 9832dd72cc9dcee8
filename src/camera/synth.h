// SPDX-License-Identifier: Apache-2.0
// Synthetic scenes with exact poses: textured rectangles, rendered by ray casting with four rays per pixel. For tests,
// demonstrations and users without a data set.
#ifndef POSENET_CAMERA_SYNTH_H_
#define POSENET_CAMERA_SYNTH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "camera/scene.h"
#include "image/image.h"

namespace posenet::camera::synth {

/// An image pyramid (mipmap): a ray that covers several pixels of the image reads a coarser level.
struct Texture {
  std::vector<image::Image> levels;  ///< At least one; each half as wide and high as the one before.
};

/// Precondition: `image` has at least one pixel.
Texture MakeTexture(image::Image image);

/// A rectangle in space, visible from both sides: corner + u * edge_u + v * edge_v for u, v in [0, 1]. The texture's
/// left column is at u = 0, its top row at v = 0. The edges are at right angles.
struct Panel {
  Vector3 corner_m;
  Vector3 edge_u_m;
  Vector3 edge_v_m;
  std::size_t texture = 0;
};

struct World {
  std::vector<Texture> textures;
  std::vector<Panel> panels;
};

/// Renders the view of a camera: the nearest panel of each ray, black for rays without one; four rays per pixel,
/// textures interpolated bilinearly. On one thread. Precondition: a size of at least 1 x 1, focal lengths above 0.
image::Image Render(const World& world, const RigidPose& world_from_cam, const Intrinsics& camera);

/// Kinds of synthetic places. In all of them y points down and the ground is at 0.
enum class Place {
  kRoom,      ///< 6 by 5 m; walks circle and look across.
  kWall,      ///< The same room; walks wander in front of one of its walls and look at it, as scans of 7-Scenes do.
  kCorridor,  ///< 24 m long.
  kStreet,    ///< 60 m, outdoors.
};

/// A place with patterned walls, images on the walls and boxes on the ground. Images and boxes show `photos`, or
/// patterns if there are none. The same seed gives the same place.
World MakeWorld(Place place, std::vector<image::Image> photos, std::uint64_t seed);

/// `count` poses (world_from_cam) of a camera carried through the place once, at eye level. Walks of different `number`
/// have different paths and viewing directions in the same area, so that each sees what others see from nearby. The
/// same seed and number give the same walk.
std::vector<RigidPose> Walk(Place place, int count, int number, std::uint64_t seed);

/// A camera with the field of view of 7-Scenes: the focal length is 525 pixels for a width of 640.
Intrinsics CameraOfSize(int width_px, int height_px);

}  // namespace posenet::camera::synth

#endif  // POSENET_CAMERA_SYNTH_H_
