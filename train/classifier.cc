// SPDX-License-Identifier: Apache-2.0
#include "train/classifier.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/strings.h"
#include "base/thread_pool.h"
#include "camera/camera_network.h"
#include "media/image_file.h"
#include "model/model_file.h"
#include "train/checkpoint.h"
#include "train/failure.h"
#include "train/image_store.h"
#include "train/model_writer.h"
#include "train/optimizer.h"
#include "train/prefetch.h"
#include "train/samples.h"
#include "train/torch_network.h"
#include "train/weight_average.h"

namespace posenet::train {
namespace {

namespace fs = std::filesystem;
using torch::Tensor;
using Clock = std::chrono::steady_clock;

struct LabeledBatch {
  Tensor input_bchw;
  Tensor labels;  // [batch], int64
};

// Szegedy's network predates batch normalization.
BatchNormalization NormalizationOf(model::Backbone backbone) {
  return backbone == model::Backbone::kGoogLeNet ? BatchNormalization::kNone : BatchNormalization::kInTraining;
}

class ClassifierTraining {
 public:
  ClassifierTraining(const LabeledImages& images, const nn::TensorMap& initial, const ClassifierOptions& options,
                     const TrainOutputs& outputs, const ClassifierEvents& events);

  bool Run();

 private:
  LabeledBatch Make(std::span<const std::size_t> indices, bool is_learning, std::uint64_t seed);
  void FillView(std::size_t index, bool is_learning, std::uint64_t seed, std::span<float> view_hwc);
  LabeledBatch MakeStep(std::int64_t step);
  double Learn(const LabeledBatch& batch);
  std::optional<double> Accuracy();
  void EndEpoch(double mean_loss);
  void SaveModel();
  TrainingState State();

  const LabeledImages& images_;
  const ClassifierOptions& options_;
  const TrainOutputs& outputs_;
  const ClassifierEvents& events_;
  Clock::time_point start_ = Clock::now();
  int threads_;
  base::ThreadPool pool_;
  base::ThreadPool validation_pool_;
  model::BackboneInput input_;
  ImageStore store_;
  std::vector<std::size_t> learn_;
  std::vector<std::size_t> validate_;
  std::int64_t steps_per_epoch_ = 1;
  TorchNetwork network_ = nullptr;
  std::unique_ptr<Optimizer> optimizer_;
  Progress progress_;
};

ClassifierTraining::ClassifierTraining(const LabeledImages& images, const nn::TensorMap& initial,
                                       const ClassifierOptions& options, const TrainOutputs& outputs,
                                       const ClassifierEvents& events)
    : images_(images),
      options_(options),
      outputs_(outputs),
      events_(events),
      threads_(options.thread_count > 0 ? options.thread_count : base::AvailableCores()),
      pool_(threads_),
      validation_pool_(threads_),
      input_(model::InputOf(options.backbone)),
      store_(images.images, {.width_px = 0, .height_px = 0, .shorter_side_px = options.crop_from_px}) {
  torch::set_num_threads(threads_);
  torch::manual_seed(static_cast<std::int64_t>(options.seed));
  for (const std::size_t index : OrderOfEpoch(images.images.size(), options.seed, -1)) {
    const auto wanted = static_cast<std::size_t>(options.validation_share * static_cast<double>(images.images.size()));
    (validate_.size() < wanted ? validate_ : learn_).push_back(index);
  }
  // A batch of one image has no statistics to normalize by.
  const auto batch = static_cast<std::int64_t>(options.batch_size);
  steps_per_epoch_ = std::max<std::int64_t>(1, static_cast<std::int64_t>(learn_.size()) / batch);
  const int class_count = static_cast<int>(images.classes.size());
  network_ = TorchNetwork(camera::ClassifierNetwork(options.backbone, class_count, camera::Auxiliary::kInclude),
                          nn::Shape{.batch = 1, .height = options.side_px, .width = options.side_px, .channels = 3},
                          LearningOptions{.normalization = NormalizationOf(options.backbone),
                                          .input_deviation = 64.0 * input_.scale,
                                          .precision = ConvPrecision::kFloat32});
  network_->LoadWeights(initial);
  optimizer_ = std::make_unique<Optimizer>(
      options.optimizer, TrainedParameters{.pretrained = {}, .random = network_->parameters(), .loss = {}});
  progress_.total_steps = options.epochs * steps_per_epoch_;
  progress_.options = base::StrCat(
      model::BackboneName(options.backbone), ", ", class_count, " classes, ", images.images.size(), " images, ",
      options.side_px, " from ", options.crop_from_px, ", batch ", options.batch_size, ", epochs ", options.epochs,
      ", ", OptimizerName(options.optimizer.kind), " ", options.optimizer.learning_rate, ", seed ", options.seed);
  if (outputs.resume) {
    TrainingState state = State();
    progress_ = ReadCheckpoint(outputs.checkpoint, progress_.options, state);
  }
}

TrainingState ClassifierTraining::State() {
  TrainingState state;
  state.parameters = TensorsOf(*network_);
  state.optimizer = optimizer_.get();
  return state;
}

void ClassifierTraining::FillView(std::size_t index, bool is_learning, std::uint64_t seed, std::span<float> view_hwc) {
  const std::shared_ptr<const image::Image> image = store_.Get(index);
  Random random(seed);
  const int side = options_.side_px;
  const auto origin = [&](int spare) {
    return is_learning ? static_cast<int>(random() % (static_cast<std::uint64_t>(spare) + 1)) : spare / 2;
  };
  const int left = origin(image->width_px - side);
  const int top = origin(image->height_px - side);
  const bool is_mirrored = is_learning && (random() & 1U) != 0;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const int from = left + (is_mirrored ? side - 1 - x : x);
      const std::uint8_t* const pixel =
          image->rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y + top) * image->width_px + from);
      std::copy_n(pixel, 3, view_hwc.begin() + 3 * (static_cast<std::ptrdiff_t>(y) * side + x));
    }
  }
  if (is_learning) ChangeLook(options_.look, side, side, random, view_hwc);
  for (std::size_t i = 0; i < view_hwc.size(); ++i) view_hwc[i] = view_hwc[i] * input_.scale + input_.bias[i % 3];
}

LabeledBatch ClassifierTraining::Make(std::span<const std::size_t> indices, bool is_learning, std::uint64_t seed) {
  const auto count = static_cast<std::int64_t>(indices.size());
  const Tensor input_bhwc = torch::empty({count, options_.side_px, options_.side_px, 3});
  const Tensor labels = torch::empty({count}, torch::kInt64);
  const auto elements = static_cast<std::size_t>(3) * static_cast<std::size_t>(options_.side_px) *
                        static_cast<std::size_t>(options_.side_px);
  std::mutex mutex;
  std::exception_ptr failure;
  (is_learning ? pool_ : validation_pool_).ParallelFor(static_cast<int>(count), [&](int i, int /*thread*/) {
    const auto index = static_cast<std::size_t>(i);
    try {
      FillView(indices[index], is_learning, MixSeeds(seed, index),
               {input_bhwc.data_ptr<float>() + index * elements, elements});
      labels.data_ptr<std::int64_t>()[i] = images_.labels[indices[index]];
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  });
  if (failure) std::rethrow_exception(failure);
  return {.input_bchw = input_bhwc.permute({0, 3, 1, 2}), .labels = labels};
}

LabeledBatch ClassifierTraining::MakeStep(std::int64_t step) {
  const std::vector<std::size_t> order = OrderOfEpoch(learn_.size(), options_.seed, step / steps_per_epoch_);
  const auto begin = static_cast<std::size_t>(step % steps_per_epoch_) * static_cast<std::size_t>(options_.batch_size);
  const std::size_t end = std::min(order.size(), begin + static_cast<std::size_t>(options_.batch_size));
  std::vector<std::size_t> indices;
  for (std::size_t i = begin; i < end; ++i) indices.push_back(learn_[order[i]]);
  return Make(indices, /*is_learning=*/true, MixSeeds(options_.seed + 1, static_cast<std::uint64_t>(step)));
}

double ClassifierTraining::Learn(const LabeledBatch& batch) {
  torch::manual_seed(
      static_cast<std::int64_t>(MixSeeds(options_.seed + 2, static_cast<std::uint64_t>(progress_.step)) >> 1));
  network_->train();
  Tensor loss;
  for (const auto& [name, logits] : network_->forward(batch.input_bchw)) {
    const double weight = name == camera::kLogitsOutput ? 1.0 : options_.auxiliary_weight;
    const Tensor entropy = weight * torch::cross_entropy_loss(logits, batch.labels);
    loss = loss.defined() ? loss + entropy : entropy;
  }
  optimizer_->Step(loss, progress_.step, progress_.total_steps);
  ++progress_.step;
  progress_.images += batch.labels.size(0);
  return loss.item<double>();
}

std::optional<double> ClassifierTraining::Accuracy() {
  if (validate_.empty()) return std::nullopt;
  const torch::NoGradGuard no_grad;
  network_->eval();
  std::int64_t right = 0;
  const auto chunk = static_cast<std::size_t>(options_.batch_size);
  for (std::size_t begin = 0; begin < validate_.size(); begin += chunk) {
    const std::size_t count = std::min(chunk, validate_.size() - begin);
    const LabeledBatch batch = Make(std::span(validate_).subspan(begin, count), /*is_learning=*/false, 0);
    const Tensor predicted = network_->forward(batch.input_bchw).at(camera::kLogitsOutput).argmax(1);
    right += (predicted == batch.labels).sum().item<std::int64_t>();
  }
  return static_cast<double>(right) / static_cast<double>(validate_.size());
}

void ClassifierTraining::SaveModel() {
  network_->eval();
  const NamedTensors tensors = network_->ExportWeights();
  model::LoadedModel model;
  model.spec.name = outputs_.model.stem().native();
  model.spec.architecture = base::StrCat(model::BackboneName(options_.backbone), " classifier");
  model.spec.task = "classification";
  model.spec.input_scale = input_.scale;
  model.spec.input_bias = input_.bias;
  model.spec.input_width_px = model.spec.input_height_px = options_.side_px;
  model.spec.fit = ImageFit::kCrop;
  model.spec.resampling = Resampling::kAntialiased;
  model.spec.source =
      base::StrCat("trained on ", images_.images.size(), " images of ", images_.classes.size(), " classes");
  model.spec.license = "NOASSERTION";  // Depends on the images.
  model.spec.network = camera::ClassifierNetwork(options_.backbone, static_cast<int>(images_.classes.size()),
                                                 camera::Auxiliary::kLeaveOut);
  model.weights = ViewsOf(tensors);
  ValueOf(model::WriteModelFile(outputs_.model, model));
}

void ClassifierTraining::EndEpoch(double mean_loss) {
  const std::optional<double> accuracy = Accuracy();
  // Less is better. Without held-out images the latest epoch is the best.
  const double score = -accuracy.value_or(static_cast<double>(progress_.step));
  const bool is_best = score < progress_.best_score;
  if (is_best) {
    progress_.best_score = score;
    progress_.best_epoch = progress_.step / steps_per_epoch_;
    SaveModel();
  }
  if (events_.on_epoch) {
    events_.on_epoch({.epoch = progress_.step / steps_per_epoch_,
                      .epochs = options_.epochs,
                      .seconds = std::chrono::duration<double>(Clock::now() - start_).count(),
                      .loss = mean_loss,
                      .accuracy = accuracy,
                      .is_best = is_best});
  }
  WriteCheckpoint(outputs_.checkpoint, State(), progress_);
}

bool ClassifierTraining::Run() {
  store_.ReadAll(threads_, [&](std::size_t done) {
    if (events_.on_image) events_.on_image(done);
  });
  std::int64_t next_step = progress_.step;
  Prefetch<LabeledBatch> queue([&] { return MakeStep(next_step++); });
  const std::int64_t first_image = progress_.images;
  double sum = 0.0;
  while (progress_.step < progress_.total_steps) {
    if (events_.should_stop && events_.should_stop()) {
      WriteCheckpoint(outputs_.checkpoint, State(), progress_);
      return false;
    }
    sum += Learn(queue.Next());
    if (events_.on_step) {
      events_.on_step({.step = progress_.step,
                       .total_steps = progress_.total_steps,
                       .images = progress_.images - first_image,
                       .seconds = std::chrono::duration<double>(Clock::now() - start_).count()});
    }
    if (progress_.step % steps_per_epoch_ == 0)
      EndEpoch(std::exchange(sum, 0.0) / static_cast<double>(steps_per_epoch_));
  }
  RemoveCheckpoint(outputs_.checkpoint);
  return true;
}

}  // namespace

LabeledImages FindLabeledImages(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> folders;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (entry->is_directory()) folders.push_back(entry->path());
  }
  if (error) throw Failure(ErrorCode::kNotFound, folder.native(), ": ", error.message());
  std::ranges::sort(folders);
  LabeledImages result;
  for (const fs::path& name : folders) {
    const std::size_t before = result.images.size();
    for (const fs::path& file : ValueOf(base::ListFiles(name))) {
      if (!media::HasImageExtension(file)) continue;
      result.images.push_back(file);
      result.labels.push_back(static_cast<int>(result.classes.size()));
    }
    if (result.images.size() == before)
      throw Failure(ErrorCode::kInvalidArgument, name.native(), ": no images in this folder");
    result.classes.push_back(name.filename().native());
  }
  if (result.classes.size() < 2) {
    throw Failure(ErrorCode::kInvalidArgument, folder.native(), ": expected two or more folders, one per class, found ",
                  result.classes.size());
  }
  return result;
}

bool TrainClassifier(const LabeledImages& images, const nn::TensorMap& initial, const ClassifierOptions& options,
                     const TrainOutputs& outputs, const ClassifierEvents& events) {
  return ClassifierTraining(images, initial, options, outputs, events).Run();
}

}  // namespace posenet::train
