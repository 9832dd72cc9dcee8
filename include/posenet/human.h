// SPDX-License-Identifier: Apache-2.0
// Human pose estimation: from an image to the 17 keypoints of each person in it.
//
//   auto model = posenet::Model::Load("mobilenet100.safetensors");
//   auto estimator = posenet::PoseEstimator::Create(*model);
//   auto poses = estimator->Estimate({.data = rgb, .width_px = 640, .height_px = 480});
#ifndef POSENET_HUMAN_H_
#define POSENET_HUMAN_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "posenet/decode.h"
#include "posenet/image.h"
#include "posenet/model.h"
#include "posenet/movenet.h"
#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

/// Whether x coordinates are mirrored, for images from a mirrored camera. As in TensorFlow.js, left and right part
/// names are not swapped.
enum class Mirror { kNone, kHorizontal };

/// The number format in which the network is computed.
enum class Precision {
  /// The fastest on this CPU that the model's weights were made for: int8 or bfloat16 for a model quantized to it
  /// (`posenet model quantize`), else float32.
  kAuto,
  kFloat32,
  /// 16-bit weights and activations, 32-bit accumulation; for any float model. Faster than kFloat32 on AMD CPUs with
  /// AVX512-BF16; slower on others.
  kBFloat16,
  /// For models with int8 weights. Coral's uint8 models always run in integer arithmetic; they accept kFloat32, too.
  kInt8,
};

/// MultiPoseOptions that default to those of the decoder (DefaultMultiPoseOptions), or for Coral's models to the values
/// that they embed, except with kHough.
struct PoseEstimatorMultiOptions {
  std::optional<int> max_poses = {};
  std::optional<float> score_threshold = {};
  std::optional<float> nms_radius_px = {};
};

class PersonRefiner;  // posenet/refine.h
class PoseEstimator;

inline constexpr int kMaxInputSidePx = 8192;  ///< Largest PoseEstimatorOptions::input_width_px and input_height_px.

// Defaults with a PoseEstimatorOptions::refiner, which sorts out what is not a person.
inline constexpr int kRefinedMaxPoses = 20;             ///< Default of max_poses.
inline constexpr float kRefinedScoreThreshold = 0.2F;   ///< Default of score_threshold.
inline constexpr float kRefinedHoughThreshold = 0.02F;  ///< The same with kHough, whose threshold is for whole poses.

/// Options of a PoseEstimator.
struct PoseEstimatorOptions {
  /// Size of the network's input, from the output stride to kMaxInputSidePx; images are resized to it. 0 means the size
  /// that the model was made for, or 513. Rounded to a valid size, k * stride + 1, as in TensorFlow.js: at stride 16,
  /// 500 becomes 497 and 512 becomes 513; for MoveNet, a multiple of 32, rounded down. A larger input detects smaller
  /// people, in time proportional to its area.
  int input_width_px = 0;
  int input_height_px = 0;
  /// How images are fitted to the input. Default: the model's own, kPad and kBilinear, or kStretch and kNearest for
  /// Coral's models.
  std::optional<ImageFit> fit = {};
  std::optional<Resampling> resampling = {};
  /// Input pixels per cell of the output maps: 8, 16 or 32; 0 means the model's own. Always 4 for MoveNet.
  int output_stride = 0;
  /// Default: the model's own, kHough, or kCoral for Coral's models, or kMoveNetSingle or kMoveNetMultiple for
  /// MoveNet.
  std::optional<PoseDecoder> decoder = {};
  PoseEstimatorMultiOptions multi = {};
  Mirror mirror = Mirror::kNone;
  Precision precision = Precision::kAuto;
  /// One of SupportedInstructionSets() (posenet/runtime.h); empty means the best.
  std::string instruction_set = {};
  /// Threads per call, up to kMaxThreads (posenet/runtime.h), counting the caller; 0 means one per core. Concurrent
  /// calls use this many each.
  int thread_count = 0;
  /// Refines each pose on a crop of the image and removes duplicates; null for none. Estimators may share a refiner.
  /// With one, max_poses and score_threshold have other defaults (above).
  std::shared_ptr<const PersonRefiner> refiner = nullptr;
  /// Another estimator, such as one of MoveNet MultiPose, whose poses are refined together with those of this one; null
  /// for none. Needs a refiner.
  std::shared_ptr<const PoseEstimator> proposer = nullptr;
};

/// The options with which an estimator reproduces TensorFlow.js PoseNet, whatever the defaults of this library and of
/// the model: images padded and resized bilinearly, the decoder kTfjsMultiple with at most 5 poses, score threshold 0.5
/// and NMS radius 20 px, and kFloat32. For its single-person function, set `decoder` to kTfjsSingle. Input size and
/// output stride are those that are given to TensorFlow.js. The model must have TensorFlow.js' graph, which
/// `mobilenet100-tfjs` and `mobilenet075` of scripts/fetch-models have; `mobilenet100` does not
/// (docs/benchmarks/accuracy.md).
PoseEstimatorOptions TfjsPreset();

/// Options of a single call, which override those of the estimator. Overriding is free.
struct PoseDecodeOptions {
  std::optional<PoseDecoder> decoder = {};
  PoseEstimatorMultiOptions multi = {};
  std::optional<Mirror> mirror = {};
};

/// Detects people in images and estimates their poses. Immutable; member functions are thread-safe. Each concurrent
/// call uses its own working memory, which is kept for later calls. Movable; a moved-from estimator may only be
/// assigned to or destroyed.
class PoseEstimator {
 public:
  /// Prepares `model` for inference: adapts the network to the output stride and input size, packs its weights and
  /// plans its memory. `model` need not outlive the estimator.
  /// Errors: kInvalidArgument for an option out of range; kUnsupported if the model is not for human poses or cannot
  /// run at that output stride or precision or with that decoder, or if the CPU lacks the instruction set;
  /// kResourceExhausted if the input size needs more memory than the library allows.
  static Result<PoseEstimator> Create(const Model& model, const PoseEstimatorOptions& options = {});

  PoseEstimator(PoseEstimator&&) noexcept;
  PoseEstimator& operator=(PoseEstimator&&) noexcept;
  ~PoseEstimator();

  /// The people in `image`, in pixels of `image`. An empty result is not an error.
  /// Errors: kInvalidArgument for an invalid view (null data, a side below 1, overlapping rows); kResourceExhausted if
  /// memory runs out.
  Result<std::vector<Pose>> Estimate(const ImageView& image) const;

  /// The same, into `poses`, whose memory is reused: nothing is allocated once working memory has grown to the size
  /// that the images need. After an error, the content of `poses` is unspecified.
  Result<void> Estimate(const ImageView& image, std::vector<Pose>& poses) const;

  /// The same with options for this call. Errors: kInvalidArgument for an option out of range, too.
  Result<void> Estimate(const ImageView& image, const PoseDecodeOptions& decode, std::vector<Pose>& poses) const;

  /// The same with the box around each person, by kMoveNetMultiple. Errors: kUnsupported with other decoders or with a
  /// refiner, too.
  Result<void> Estimate(const ImageView& image, const PoseDecodeOptions& decode, std::vector<BoxedPose>& people) const;

  /// The options in effect: sizes rounded, and the model's defaults, precision, instruction set and thread count
  /// resolved.
  [[nodiscard]] const PoseEstimatorOptions& options() const;

 private:
  struct Impl;
  explicit PoseEstimator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_HUMAN_H_
