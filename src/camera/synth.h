// SPDX-License-Identifier: Apache-2.0
// Photos of places that never were, with poses that are exact: textured rectangles, looked at by a ray for each quarter
// of a pixel. For tests, demonstrations and anyone without a data set.
#ifndef POSENET_CAMERA_SYNTH_H_
#define POSENET_CAMERA_SYNTH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/thread_pool.h"
#include "camera/scene.h"
#include "image/image.h"

namespace posenet::camera::synth {

/// An image and its halves, quarters and so on: rays that spread over several of its pixels read one that is as
/// coarse.
struct Texture {
  std::vector<image::Image> levels;  ///< At least one; each half as wide and high as the one before.
};

/// Precondition: `image` has at least one pixel.
Texture MakeTexture(image::Image image);

/// A rectangle in space, seen from both sides: corner + u * edge_u + v * edge_v for u, v in [0, 1]. The texture's left
/// column is at u = 0, its top row at v = 0. The edges are at right angles.
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

/// The image that a camera takes: of each ray the nearest panel, black where there is none; four rays a pixel,
/// bilinear between texels. `pool` shares the rows. Precondition: a size of at least 1 x 1, focal lengths above 0.
image::Image Render(const World& world, const RigidPose& world_from_cam, const Intrinsics& camera,
                    base::ThreadPool& pool);

/// Places that can be furnished. In all of them y points down and the ground is at 0.
enum class Place {
  kRoom,      ///< 6 by 5 metres.
  kCorridor,  ///< 24 metres long.
  kStreet,    ///< 60 metres, outdoors.
};

/// A place with patterned walls, images on them and boxes on its ground. Images and boxes show `photos`, or
/// patterns where there are none. The same seed gives the same place.
World Furnish(Place place, std::vector<image::Image> photos, std::uint64_t seed);

/// `count` poses (world_from_cam) of a camera carried through the place once, at eye level. Walks of different
/// `number` differ in their tracks and where they look, and lie among each other: what is seen from one is seen from
/// others nearby. The same seed and number give the same walk.
std::vector<RigidPose> Walk(Place place, int count, int number, std::uint64_t seed);

/// A camera of that size with 7-Scenes' field of view: the focal length is 525 pixels at a width of 640.
Intrinsics CameraOfSize(int width_px, int height_px);

}  // namespace posenet::camera::synth

#endif  // POSENET_CAMERA_SYNTH_H_
