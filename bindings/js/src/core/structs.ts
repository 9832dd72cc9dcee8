// SPDX-License-Identifier: Apache-2.0
// The structs of the C interface (include/posenet/c) that this package uses, with all their members in order.
// bindings/js/test/names.test.mjs compares them with the headers.
import {StructType} from './struct.js';

export const IMAGE = new StructType('posenet_image', {
  data: 'pointer',
  width_px: 'int32_t',
  height_px: 'int32_t',
  row_stride_bytes: 'ptrdiff_t',
  format: 'int32_t',
});

export const MODEL_INFO = new StructType('posenet_model_info', {
  struct_size: 'size_t',
  name: 'pointer',
  architecture: 'pointer',
  task: 'pointer',
  source: 'pointer',
  license: 'pointer',
  parameter_count: 'int64_t',
  layer_count: 'int32_t',
  output_stride: 'int32_t',
});

export const DECODE_OPTIONS = new StructType('posenet_decode_options', {
  struct_size: 'size_t',
  decoder: 'int32_t',
  max_poses: 'int32_t',
  score_threshold: 'float',
  nms_radius_px: 'float',
  mirror: 'int32_t',
  reserved: 'int32_t',
});

export const ESTIMATOR_OPTIONS = new StructType('posenet_estimator_options', {
  struct_size: 'size_t',
  input_width_px: 'int32_t',
  input_height_px: 'int32_t',
  fit: 'int32_t',
  resampling: 'int32_t',
  output_stride: 'int32_t',
  decoder: 'int32_t',
  max_poses: 'int32_t',
  score_threshold: 'float',
  nms_radius_px: 'float',
  mirror: 'int32_t',
  precision: 'int32_t',
  thread_count: 'int32_t',
  instruction_set: 'pointer',
  refiner: 'pointer',
  proposer: 'pointer',
});

export const REFINER_OPTIONS = new StructType('posenet_refiner_options', {
  struct_size: 'size_t',
  min_keypoint_score: 'float',
  min_pose_score: 'float',
  crop_scale: 'double',
  max_tilt_deg: 'double',
  max_similarity: 'double',
  precision: 'int32_t',
  thread_count: 'int32_t',
  instruction_set: 'pointer',
});

export const SQUARE_REGION = new StructType('posenet_square_region', {
  left_px: 'double',
  top_px: 'double',
  side_px: 'double',
});

export const LOCALIZER_OPTIONS = new StructType('posenet_localizer_options', {
  struct_size: 'size_t',
  crops: 'int32_t',
  uncertainty_passes: 'int32_t',
  seed: 'uint64_t',
  compute_features: 'int32_t',
  thread_count: 'int32_t',
  instruction_set: 'pointer',
});

export const CAMERA_SCENE = new StructType('posenet_camera_scene', {
  struct_size: 'size_t',
  name: 'pointer',
  length_unit: 'int32_t',
  sequence_length: 'int32_t',
});

export const CAMERA_ESTIMATE = new StructType('posenet_camera_estimate', {
  struct_size: 'size_t',
  position: 'double[3]',  // These two are its posenet_camera_pose.
  rotation_wxyz: 'double[4]',
  position_std: 'double[3]',
  position_total_std: 'double',
  rotation_std_deg: 'double',
  has_uncertainty: 'int32_t',
  features: 'pointer',
  feature_capacity: 'size_t',
  feature_count: 'size_t',
});

export const TRACKER_OPTIONS = new StructType('posenet_tracker_options', {
  struct_size: 'size_t',
  similarity: 'int32_t',
  max_tracks: 'int32_t',
  max_age_ms: 'double',
  min_keypoint_score: 'float',
  min_new_score: 'float',
});

export const SMOOTHER_OPTIONS = new StructType('posenet_smoother_options', {
  struct_size: 'size_t',
  min_cutoff_hz: 'double',
  beta: 'double',
  derivative_cutoff_hz: 'double',
  noise: 'double',
  max_age_ms: 'double',
});
