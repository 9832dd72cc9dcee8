/* SPDX-License-Identifier: Apache-2.0 */
/* The header compiles as C99 without extensions, has the numbers that were published, and works from C. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "posenet/c.h"

/* Fails to compile unless the constant has that number: programs are compiled with it. */
#define IS(constant, number) typedef char is_##constant[(constant) == (number) ? 1 : -1]
/* clang-format off */
IS(POSENET_OK, 0); IS(POSENET_INVALID_ARGUMENT, 1); IS(POSENET_NOT_FOUND, 2); IS(POSENET_PERMISSION_DENIED, 3);
IS(POSENET_IO_ERROR, 4); IS(POSENET_CORRUPT_DATA, 5); IS(POSENET_UNSUPPORTED, 6); IS(POSENET_RESOURCE_EXHAUSTED, 7);
IS(POSENET_PIXEL_RGB, 0); IS(POSENET_PIXEL_BGR, 1); IS(POSENET_PIXEL_RGBA, 2); IS(POSENET_PIXEL_BGRA, 3);
IS(POSENET_PIXEL_GRAY, 4); IS(POSENET_DEFAULT, -1); IS(POSENET_MAX_POSES, 10000); IS(POSENET_PART_COUNT, 17);
IS(POSENET_PART_NOSE, 0); IS(POSENET_PART_LEFT_EYE, 1); IS(POSENET_PART_RIGHT_EYE, 2); IS(POSENET_PART_LEFT_EAR, 3);
IS(POSENET_PART_RIGHT_EAR, 4); IS(POSENET_PART_LEFT_SHOULDER, 5); IS(POSENET_PART_RIGHT_SHOULDER, 6);
IS(POSENET_PART_LEFT_ELBOW, 7); IS(POSENET_PART_RIGHT_ELBOW, 8); IS(POSENET_PART_LEFT_WRIST, 9);
IS(POSENET_PART_RIGHT_WRIST, 10); IS(POSENET_PART_LEFT_HIP, 11); IS(POSENET_PART_RIGHT_HIP, 12);
IS(POSENET_PART_LEFT_KNEE, 13); IS(POSENET_PART_RIGHT_KNEE, 14); IS(POSENET_PART_LEFT_ANKLE, 15);
IS(POSENET_PART_RIGHT_ANKLE, 16); IS(POSENET_DECODER_TFJS_SINGLE, 0); IS(POSENET_DECODER_TFJS_MULTIPLE, 1);
IS(POSENET_DECODER_CORAL, 2); IS(POSENET_DECODER_HOUGH, 3); IS(POSENET_DECODER_MOVENET_SINGLE, 4);
IS(POSENET_DECODER_MOVENET_MULTIPLE, 5); IS(POSENET_MIRROR_NONE, 0); IS(POSENET_MIRROR_HORIZONTAL, 1);
IS(POSENET_HEATMAP_LOGITS, 0); IS(POSENET_HEATMAP_PROBABILITIES, 1); IS(POSENET_FIT_PAD, 0); IS(POSENET_FIT_STRETCH, 1);
IS(POSENET_FIT_CROP, 2); IS(POSENET_RESAMPLING_BILINEAR, 0); IS(POSENET_RESAMPLING_NEAREST, 1);
IS(POSENET_RESAMPLING_ANTIALIASED, 2); IS(POSENET_PRECISION_AUTO, 0); IS(POSENET_PRECISION_FLOAT32, 1);
IS(POSENET_PRECISION_BFLOAT16, 2); IS(POSENET_PRECISION_INT8, 3); IS(POSENET_SIMILARITY_KEYPOINTS, 0);
IS(POSENET_SIMILARITY_BOX, 1); IS(POSENET_LENGTH_METERS, 0); IS(POSENET_LENGTH_ARBITRARY, 1);
IS(POSENET_LAYOUT_NHWC, 0); IS(POSENET_LAYOUT_NCHW, 1);
/* clang-format on */

/* A struct that grows must get larger: members in padding at its end would not be told from garbage. */
#define HAS_NO_TAIL_PADDING(type, last)   \
  typedef char type##_has_no_tail_padding \
      [sizeof(void*) != 8 || offsetof(type, last) + sizeof(((type*)0)->last) == sizeof(type) ? 1 : -1]
HAS_NO_TAIL_PADDING(posenet_model_info, output_stride);
HAS_NO_TAIL_PADDING(posenet_decode_options, reserved);
HAS_NO_TAIL_PADDING(posenet_maps, reserved);
HAS_NO_TAIL_PADDING(posenet_movenet_maps, reserved);
HAS_NO_TAIL_PADDING(posenet_estimator_options, proposer);
HAS_NO_TAIL_PADDING(posenet_refiner_options, instruction_set);
HAS_NO_TAIL_PADDING(posenet_tracker_options, min_new_score);
HAS_NO_TAIL_PADDING(posenet_smoother_options, max_age_ms);
HAS_NO_TAIL_PADDING(posenet_person_follower_options, min_keypoint_score);
HAS_NO_TAIL_PADDING(posenet_people_follower_options, decode);
HAS_NO_TAIL_PADDING(posenet_localizer_options, instruction_set);
HAS_NO_TAIL_PADDING(posenet_camera_scene, sequence_length);
HAS_NO_TAIL_PADDING(posenet_camera_estimate, feature_count);

static int failures = 0;

static void expect(int is_true, const char* what) {
  if (is_true) return;
  fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

#define EXPECT(condition) expect((condition) != 0, #condition)

static void decodes_a_pose(posenet_error* error) {
  static float heatmap[POSENET_PART_COUNT];
  static float offsets[2 * POSENET_PART_COUNT];
  static float displacements[32];
  posenet_maps maps;
  posenet_decode_options options;
  posenet_pose pose;
  size_t count = 0;
  int part;
  for (part = 0; part < POSENET_PART_COUNT; ++part) {
    heatmap[part] = 0.75F;
    offsets[part] = 2.0F;                      /* y */
    offsets[POSENET_PART_COUNT + part] = 3.0F; /* x */
  }
  EXPECT(posenet_maps_init(&maps, sizeof(maps)) == POSENET_OK);
  EXPECT(posenet_decode_options_init(&options, sizeof(options)) == POSENET_OK);
  maps.height = 1;
  maps.width = 1;
  maps.output_stride = 16;
  maps.heatmap_kind = POSENET_HEATMAP_PROBABILITIES;
  maps.heatmap.data = heatmap;
  maps.offsets.data = offsets;
  maps.displacement_fwd.data = displacements;
  maps.displacement_bwd.data = displacements;
  options.decoder = POSENET_DECODER_TFJS_SINGLE;
  EXPECT(posenet_decode(&maps, &options, &pose, 1, &count, error) == POSENET_OK);
  EXPECT(count == 1);
  EXPECT(pose.keypoints[POSENET_PART_LEFT_ANKLE].x_px == 3.0F);
  EXPECT(pose.keypoints[POSENET_PART_LEFT_ANKLE].y_px == 2.0F);
  EXPECT(pose.keypoints[POSENET_PART_LEFT_ANKLE].score == 0.75F);
}

static void reports_errors(posenet_error* error) {
  posenet_model* model = NULL;
  EXPECT(posenet_model_load("no such file", &model, error) == POSENET_NOT_FOUND);
  EXPECT(model == NULL);
  EXPECT(posenet_error_status(error) == POSENET_NOT_FOUND);
  EXPECT(strstr(posenet_error_message(error), "no such file") != NULL);
}

int main(void) {
  posenet_error* error = posenet_error_create();
  EXPECT(error != NULL);
  EXPECT(strcmp(posenet_version(), POSENET_VERSION_STRING) == 0);
  EXPECT(strcmp(posenet_part_name(POSENET_PART_LEFT_EYE), "leftEye") == 0);
  EXPECT(sizeof(posenet_pose) == 52 * sizeof(float));
  decodes_a_pose(error);
  reports_errors(error);
  posenet_error_destroy(error);
  return failures == 0 ? 0 : 1;
}
