// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/idle_list.h"
#include "base/no_throw.h"
#include "base/thread_pool.h"
#include "camera/camera_model.h"
#include "camera/localizer_network.h"
#include "camera/network_pose.h"
#include "camera/pose_samples.h"
#include "camera/view.h"
#include "image/image.h"
#include "model/model_spec.h"
#include "posenet/camera.h"
#include "posenet/runtime.h"

namespace posenet {
namespace {

Result<void> CheckOptions(const CameraLocalizerOptions& options) {
  if (options.crops < 1 || options.crops > kMaxCrops) {
    return base::Fail(ErrorCode::kInvalidArgument, "crops is ", options.crops, "; expected 1 to ", kMaxCrops);
  }
  if (options.uncertainty_passes < 0 || options.uncertainty_passes == 1 ||
      options.uncertainty_passes > kMaxUncertaintyPasses) {
    return base::Fail(ErrorCode::kInvalidArgument, "uncertainty_passes is ", options.uncertainty_passes,
                      "; expected 2 to ", kMaxUncertaintyPasses, ", or 0 for none");
  }
  if (options.thread_count < 0 || options.thread_count > kMaxThreads) {
    return base::Fail(ErrorCode::kInvalidArgument, "thread_count is ", options.thread_count, "; expected 1 to ",
                      kMaxThreads, ", or 0 for one for each core");
  }
  return {};
}

// Whether a model can average over several crops of a photo.
Result<void> CheckCrops(const std::string& model, const camera::CameraSpec& spec, int crops) {
  if (crops == 1) return {};
  if (spec.sequence_length > 1) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(model),
                      " processes sequences of photos; expected crops of 1");
  }
  if (spec.crop_share < 1.0) return {};
  return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(model),
                    " was trained on whole photos, not on random crops of them; expected crops of 1");
}

CameraUncertainty PublicUncertainty(const camera::PoseSpread& spread) {
  const camera::Vector3& position = spread.position_std;
  return {.position_std = {position.x, position.y, position.z},
          .position_total_std = spread.position_total_std,
          .rotation_std_deg = spread.rotation_std_deg};
}

}  // namespace

struct CameraLocalizer::Impl {
  /// Working memory of one call.
  struct Workspace {
    explicit Workspace(std::unique_ptr<camera::LocalizerRun> network_run) : run(std::move(network_run)) {}
    std::unique_ptr<camera::LocalizerRun> run;
    image::AntialiasResizer resizer;
    camera::PoseSamples samples;
  };
  /// A batch size that was asked for, with the workspaces of its calls. Not moved once it is in `batches`.
  struct Batch {
    std::shared_ptr<const camera::LocalizerPlan> plan;
    base::IdleList<Workspace> workspaces;
  };

  explicit Impl(camera::LocalizerNetwork packed) : network(std::move(packed)) {}

  Result<Batch*> BatchOf(int photo_count);
  Result<base::IdleList<Workspace>::Lease> Take(Batch& batch) const;
  void SetInput(const ImageView& photo, const image::ViewRectangle& view, int element, Workspace& workspace) const;
  Result<void> AddSamples(int element, Workspace& workspace) const;
  void SetPose(const Workspace& workspace, CameraEstimate& estimate) const;
  Result<void> Localize(const ImageView& photo, CameraEstimate& estimate);
  Result<void> LocalizeCrops(const ImageView& photo, Workspace& workspace, CameraEstimate& estimate) const;
  Result<std::vector<CameraEstimate>> LocalizeSequence(std::span<const ImageView> photos);

  CameraLocalizerOptions options;
  CameraScene scene;
  camera::CameraSpec spec;
  image::Normalization normalization;
  image::Size input_size;
  camera::LocalizerNetwork network;
  std::mutex mutex;              // Guards `batches`.
  std::map<int, Batch> batches;  // By batch size. Only grows.
};

Result<CameraLocalizer::Impl::Batch*> CameraLocalizer::Impl::BatchOf(int photo_count) {
  const std::lock_guard lock(mutex);
  const auto known = batches.find(photo_count);
  if (known != batches.end()) return &known->second;
  POSENET_ASSIGN_OR_RETURN(auto plan, camera::LocalizerPlan::Create(network, photo_count));
  Batch& batch = batches[photo_count];
  batch.plan = std::move(plan);
  return &batch;
}

Result<base::IdleList<CameraLocalizer::Impl::Workspace>::Lease> CameraLocalizer::Impl::Take(Batch& batch) const {
  return batch.workspaces.Take([&]() -> Result<std::unique_ptr<Workspace>> {
    POSENET_ASSIGN_OR_RETURN(auto run, camera::LocalizerRun::Create(batch.plan, options.thread_count));
    return std::make_unique<Workspace>(std::move(run));
  });
}

void CameraLocalizer::Impl::SetInput(const ImageView& photo, const image::ViewRectangle& view, int element,
                                     Workspace& workspace) const {
  workspace.resizer.Run(photo, view, input_size, normalization, workspace.run->input(element));
}

Result<void> CameraLocalizer::Impl::AddSamples(int element, Workspace& workspace) const {
  for (int sample = 0; sample < workspace.run->plan().sample_count(); ++sample) {
    POSENET_ASSIGN_OR_RETURN(const camera::RigidPose pose,
                             camera::PoseOfOutputs(spec, workspace.run->position(sample, element),
                                                   workspace.run->rotation(sample, element)));
    workspace.samples.Add(pose);
  }
  return {};
}

void CameraLocalizer::Impl::SetPose(const Workspace& workspace, CameraEstimate& estimate) const {
  const camera::RigidPose mean = workspace.samples.Mean();
  estimate.pose = camera::PublicPose(mean);
  estimate.uncertainty.reset();
  if (options.uncertainty_passes > 0) {
    estimate.uncertainty = PublicUncertainty(workspace.samples.SpreadAround(mean));
  }
}

Result<void> CameraLocalizer::Impl::Localize(const ImageView& photo, CameraEstimate& estimate) {
  POSENET_RETURN_IF_ERROR(image::CheckView(photo));
  POSENET_ASSIGN_OR_RETURN(Batch* const batch, BatchOf(1));
  POSENET_ASSIGN_OR_RETURN(const auto workspace, Take(*batch));
  return LocalizeCrops(photo, *workspace, estimate);
}

Result<void> CameraLocalizer::Impl::LocalizeCrops(const ImageView& photo, Workspace& workspace,
                                                  CameraEstimate& estimate) const {
  workspace.samples.Clear();
  estimate.features.clear();
  const auto localize = [&](const image::ViewRectangle& view, std::uint64_t seed, float share) -> Result<void> {
    SetInput(photo, view, 0, workspace);
    workspace.run->Run(seed);
    const std::span<const float> features = workspace.run->features(0);
    estimate.features.resize(features.size(), 0.0F);
    for (std::size_t i = 0; i < features.size(); ++i) estimate.features[i] += share * features[i];
    return AddSamples(0, workspace);
  };
  if (options.crops == 1) {
    const image::ViewRectangle view = camera::CentralView(image::SizeOf(photo), input_size, spec.crop_share);
    POSENET_RETURN_IF_ERROR(localize(view, options.seed, 1.0F));
  } else {
    const std::vector<image::ViewRectangle> views =
        camera::DenseViews(image::SizeOf(photo), input_size, spec.crop_share, options.crops);
    const float share = 1.0F / static_cast<float>(views.size());
    // Pass i of a crop uses seed + i: crops never share a seed.
    std::uint64_t seed = options.seed;
    for (const image::ViewRectangle& view : views) {
      POSENET_RETURN_IF_ERROR(localize(view, seed, share));
      seed += kMaxUncertaintyPasses;
    }
  }
  SetPose(workspace, estimate);
  return {};
}

Result<std::vector<CameraEstimate>> CameraLocalizer::Impl::LocalizeSequence(std::span<const ImageView> photos) {
  if (photos.empty() || photos.size() > static_cast<std::size_t>(scene.sequence_length)) {
    return base::Fail(ErrorCode::kInvalidArgument, photos.size(), " photos; expected 1 to ", scene.sequence_length,
                      ", the model's sequence length");
  }
  std::vector<CameraEstimate> estimates(photos.size());
  if (photos.size() == 1) {
    POSENET_RETURN_IF_ERROR(Localize(photos.front(), estimates.front()));
    return estimates;
  }
  for (const ImageView& photo : photos) POSENET_RETURN_IF_ERROR(image::CheckView(photo));
  const int count = static_cast<int>(photos.size());
  POSENET_ASSIGN_OR_RETURN(Batch* const batch, BatchOf(count));
  POSENET_ASSIGN_OR_RETURN(const auto workspace, Take(*batch));
  for (int i = 0; i < count; ++i) {
    const ImageView& photo = photos[static_cast<std::size_t>(i)];
    SetInput(photo, camera::CentralView(image::SizeOf(photo), input_size, spec.crop_share), i, *workspace);
  }
  workspace->run->Run(options.seed);
  for (int i = 0; i < count; ++i) {
    CameraEstimate& estimate = estimates[static_cast<std::size_t>(i)];
    workspace->samples.Clear();
    POSENET_RETURN_IF_ERROR(AddSamples(i, *workspace));
    SetPose(*workspace, estimate);
    const std::span<const float> features = workspace->run->features(i);
    estimate.features.assign(features.begin(), features.end());
  }
  return estimates;
}

CameraLocalizer::CameraLocalizer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CameraLocalizer::CameraLocalizer(CameraLocalizer&&) noexcept = default;
CameraLocalizer& CameraLocalizer::operator=(CameraLocalizer&&) noexcept = default;
CameraLocalizer::~CameraLocalizer() = default;

const CameraLocalizerOptions& CameraLocalizer::options() const { return impl_->options; }
const CameraScene& CameraLocalizer::scene() const { return impl_->scene; }

Result<CameraLocalizer> CameraLocalizer::Create(const Model& model, const CameraLocalizerOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<CameraLocalizer> {
    POSENET_RETURN_IF_ERROR(CheckOptions(options));
    CameraLocalizerOptions in_force = options;
    if (in_force.instruction_set.empty()) in_force.instruction_set = SupportedInstructionSets().front();
    if (in_force.thread_count == 0) in_force.thread_count = base::AvailableCores();
    const model::LoadedModel& loaded = model::LoadedModelOf(model);
    const model::ModelSpec& spec = loaded.spec;
    POSENET_ASSIGN_OR_RETURN(camera::CameraSpec camera, camera::CameraSpecOf(loaded));
    POSENET_RETURN_IF_ERROR(CheckCrops(spec.name, camera, options.crops));
    POSENET_ASSIGN_OR_RETURN(
        camera::LocalizerNetwork network,
        camera::LocalizerNetwork::Create(loaded, camera,
                                         {.instruction_set = in_force.instruction_set,
                                          .passes = options.uncertainty_passes,
                                          .wants_features = options.features == CameraFeatures::kReturned}));
    auto impl = std::make_unique<Impl>(std::move(network));
    impl->options = std::move(in_force);
    impl->scene = {.name = camera.scene, .length_unit = camera.length_unit, .sequence_length = camera.sequence_length};
    impl->spec = std::move(camera);
    impl->normalization = {.scale = spec.input_scale, .bias = spec.input_bias};
    impl->input_size = {.width_px = spec.input_width_px, .height_px = spec.input_height_px};
    // Planned now, so that errors of the network show here, not at the first photo.
    POSENET_RETURN_IF_ERROR(impl->BatchOf(1));
    return CameraLocalizer(std::move(impl));
  });
}

Result<CameraEstimate> CameraLocalizer::Localize(const ImageView& image) const {
  CameraEstimate estimate;
  POSENET_RETURN_IF_ERROR(Localize(image, estimate));
  return estimate;
}

Result<void> CameraLocalizer::Localize(const ImageView& image, CameraEstimate& estimate) const {
  return base::CatchBadAlloc([&]() -> Result<void> { return impl_->Localize(image, estimate); });
}

Result<std::vector<CameraEstimate>> CameraLocalizer::LocalizeSequence(std::span<const ImageView> images) const {
  return base::CatchBadAlloc([&]() -> Result<std::vector<CameraEstimate>> { return impl_->LocalizeSequence(images); });
}

}  // namespace posenet
