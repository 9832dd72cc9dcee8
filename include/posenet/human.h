// SPDX-License-Identifier: Apache-2.0
// Human pose estimation: from an image to the keypoints of everybody in it.
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
#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

/// Whether positions are mirrored in the answer, for images from a mirrored camera. Part names are not exchanged,
/// as in TensorFlow.js.
enum class Mirror { kNone, kHorizontal };

/// Numbers in which the network is computed.
enum class Precision {
  /// What is fastest on this CPU of what the model's weights were made for: int8 or bfloat16 for a model that
  /// `posenet model quantize` made, float32 for others.
  kAuto,
  kFloat32,
  /// Weights and intermediate values of 16 bits, sums of 32. Any float model; fast where the CPU has instructions for
  /// it, elsewhere slower than kFloat32.
  kBFloat16,
  /// For models with int8 weights. Coral's models of uint8 have no other precision: they take kFloat32 for it, too.
  kInt8,
};

/// MultiPoseOptions of which those that are left open are the model's own: the defaults of MultiPoseOptions, or what
/// Coral's models have embedded.
struct PoseEstimatorMultiOptions {
  std::optional<int> max_poses = {};
  std::optional<float> score_threshold = {};
  std::optional<float> nms_radius_px = {};
};

/// Options of a PoseEstimator.
struct PoseEstimatorOptions {
  /// Size of the network's input in pixels, from the output stride to 8192; the image is fitted to its aspect and
  /// resized to it. 0 is the size that the model was made for, 513 if it was made for none. Made valid, a multiple of
  /// the output stride plus 1, as TensorFlow.js does: 500 becomes 497, 512 becomes 513. Larger finds smaller people and
  /// costs time in proportion to the area.
  int input_width_px = 0;
  int input_height_px = 0;
  /// How images become the network's input. Nothing means the model's own: kPad and kBilinear, or kStretch and
  /// kNearest for Coral's models.
  std::optional<ImageFit> fit = {};
  std::optional<Resampling> resampling = {};
  /// Input pixels per cell of the output maps: 8, 16 or 32; 0 keeps the model's own.
  int output_stride = 0;
  /// Nothing means the model's own: kTfjsMultiple, or kCoral for Coral's models.
  std::optional<PoseDecoder> decoder = {};
  PoseEstimatorMultiOptions multi = {};
  Mirror mirror = Mirror::kNone;
  Precision precision = Precision::kAuto;
  /// The instruction set to use, one of SupportedInstructionSets(); empty means the best.
  std::string instruction_set = {};
  /// Threads that share one Estimate call, at most 1024; 0 means one for each core. Calls at the same time have as many
  /// each.
  int thread_count = 0;
};

/// What one call may ask of an estimator that another does not, at no cost: the network is prepared and run alike for
/// all. What is left open is as in the estimator's own options.
struct PoseDecodeOptions {
  std::optional<PoseDecoder> decoder = {};
  PoseEstimatorMultiOptions multi = {};
  std::optional<Mirror> mirror = {};
};

/// Finds people in images. Immutable once created: Estimate may be called from many threads at once; each concurrent
/// call takes working memory of its own, which is kept for the next one.
class PoseEstimator {
 public:
  /// Prepares `model` for images: derives the network for the wanted stride and size, packs its weights and plans its
  /// memory. Keeps what it needs; `model` may go.
  /// Errors: kInvalidArgument for options out of range, kUnsupported when the model is not a PoseNet for humans or
  /// cannot have that output stride or precision, or the CPU has not that instruction set, kResourceExhausted when the
  /// input size needs more memory than the library accepts.
  static Result<PoseEstimator> Create(const Model& model, const PoseEstimatorOptions& options = {});

  PoseEstimator(PoseEstimator&&) noexcept;
  PoseEstimator& operator=(PoseEstimator&&) noexcept;
  ~PoseEstimator();

  /// The people in `image`, in pixels of `image`; none is an empty vector, not an error.
  /// Errors: kInvalidArgument for a null view, sizes below 1 or rows that overlap; kResourceExhausted when memory for
  /// one more concurrent call cannot be had.
  Result<std::vector<Pose>> Estimate(const ImageView& image) const;

  /// The same for image after image: replaces what is in `poses`. Once working memory has grown to what images
  /// need, nothing is allocated. After an error `poses` may hold anything.
  Result<void> Estimate(const ImageView& image, std::vector<Pose>& poses) const;

  /// The same with a decoder, thresholds or mirroring of this call's own. Errors: kInvalidArgument for those out of
  /// range, too.
  Result<void> Estimate(const ImageView& image, const PoseDecodeOptions& decode, std::vector<Pose>& poses) const;

  /// The options in force: sizes made valid, what was left to the model, precision, instruction set and thread count
  /// filled in.
  [[nodiscard]] const PoseEstimatorOptions& options() const;

 private:
  struct Impl;
  explicit PoseEstimator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_HUMAN_H_
