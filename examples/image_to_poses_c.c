/* SPDX-License-Identifier: Apache-2.0 */
/* The same as image_to_poses.cc, in C: prints the keypoints of the people in an image.

     image_to_poses_c MODEL IMAGE

   MODEL is a model file, such as mobilenet100.safetensors; IMAGE is a JPEG, PNG or BMP file. */
#define STB_IMAGE_IMPLEMENTATION
#include <posenet/c.h>
#include <stb_image.h>
#include <stdio.h>

/* Poses of a lower score are mostly duplicates and false detections, keypoints of a lower score guesses. */
static const float kMinPoseScore = 0.15F;
static const float kMinKeypointScore = 0.3F;

/* As many poses as the default decoder returns. */
enum { kCapacity = 20 };

static void print_poses(const posenet_image* image, const posenet_pose* poses, size_t count) {
  size_t i;
  size_t people = 0;
  int part;
  for (i = 0; i < count; ++i) people += poses[i].score >= kMinPoseScore;
  printf("image: %d x %d pixels, people: %d\n", (int)image->width_px, (int)image->height_px, (int)people);
  for (i = 0; i < count; ++i) {
    if (poses[i].score < kMinPoseScore) continue;
    printf("a person, score %.2f\n", poses[i].score);
    for (part = 0; part < POSENET_PART_COUNT; ++part) {
      const posenet_keypoint* keypoint = &poses[i].keypoints[part];
      if (keypoint->score < kMinKeypointScore) continue;
      printf("  %-14s x %6.1f  y %6.1f  score %.2f\n", posenet_part_name(part), keypoint->x_px, keypoint->y_px,
             keypoint->score);
    }
  }
}

/* Loads the model and prepares it once. An estimator takes longer to create than one image takes. It does not need the
   model afterwards. */
static posenet_estimator* create_estimator(const char* path, posenet_error* error) {
  posenet_model* model = NULL;
  posenet_estimator* estimator = NULL;
  posenet_estimator_options options;
  if (posenet_model_load(path, &model, error) != POSENET_OK) return NULL;
  posenet_estimator_options_init(&options, sizeof(options));
  options.input_width_px = 513;
  options.input_height_px = 513;
  posenet_estimator_create(model, &options, &estimator, error); /* Null after an error. */
  posenet_model_destroy(model);
  return estimator;
}

int main(int argc, char** argv) {
  int status = 1;
  posenet_error* error = posenet_error_create();
  posenet_estimator* estimator = NULL;
  posenet_image image = {NULL, 0, 0, 0, POSENET_PIXEL_RGB};
  stbi_uc* rgb = NULL;
  posenet_pose poses[kCapacity];
  size_t count = 0;
  if (argc != 3) {
    fprintf(stderr, "usage: image_to_poses_c MODEL IMAGE\n");
    posenet_error_destroy(error);
    return 2;
  }

  estimator = create_estimator(argv[1], error);
  /* Any 8-bit RGB, BGR or gray pixels will do; the image may have any size. */
  rgb = stbi_load(argv[2], &image.width_px, &image.height_px, NULL, STBI_rgb);
  image.data = rgb;
  if (estimator == NULL) {
    fprintf(stderr, "image_to_poses_c: %s\n", posenet_error_message(error));
  } else if (rgb == NULL) {
    fprintf(stderr, "image_to_poses_c: %s: %s\n", argv[2], stbi_failure_reason());
  } else if (posenet_estimator_estimate(estimator, &image, NULL, poses, kCapacity, &count, error) != POSENET_OK) {
    fprintf(stderr, "image_to_poses_c: %s\n", posenet_error_message(error));
  } else {
    print_poses(&image, poses, count);
    status = 0;
  }
  stbi_image_free(rgb);
  posenet_estimator_destroy(estimator);
  posenet_error_destroy(error);
  return status;
}
