// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/assignment.h"
#include "human/body.h"
#include "human/person_track.h"
#include "posenet/track.h"

namespace posenet {
namespace {

using human::tracking::Absence;
using human::tracking::Fit;
using human::tracking::PersonTrack;

// Minimum log-likelihood of an association; below it, a pose more likely belongs to a new person. For comparison: -8
// for an offset of four standard deviations, -7 for a prediction that is a second old and covers a thousand times the
// area of a measurement. People enter the image at its edges: elsewhere new people, and people who leave, are less
// likely.
constexpr double kMinLogLikelihoodInside = -15.0;
constexpr double kMinLogLikelihoodPresent = -14.0;  // At an edge, for a track that was detected in the previous frame.
constexpr double kMinLogLikelihoodAtEdge = -10.0;
constexpr double kMinLogLikelihood = -12.0;  // While the extent of the image is unknown.
constexpr double kEdgeSizes = 0.5;           // Width of the edges, in sizes of the person.
// The extent of the image is estimated from the positions of at least this many confirmed tracks.
constexpr int kMinTracksForExtent = 3;

// Unconfirmed tracks are dropped earlier, because most are duplicate detections.
constexpr double kMaxAgeUnconfirmedMs = 500.0;

// The variance of a measurement is multiplied by 1 + this if another track is equally likely.
constexpr double kAmbiguityVarianceFactor = 9.0;

// Poses of one frame with at least this similarity are duplicate detections of one person, or one person occludes
// another. The similarity of two people shoulder to shoulder, 0.3 sizes apart, is 0.25; that of duplicates of a decoder
// is at least 0.5.
constexpr double kDuplicateSimilarity = 0.35;
// The log-likelihood penalty of the lower-scoring duplicate, that of an offset of two standard deviations.
constexpr double kDuplicatePenalty = 2.0;
// The log-likelihood penalty of unconfirmed tracks.
constexpr double kUnconfirmedPenalty = 1.5;

// Re-identification in place: away from other people, it is unlikely that one person disappears at the moment at which
// another appears in the same place. So a person at the edge of the image, of whom the decoder detects the face in one
// frame and the legs in the next, keeps the track. The limits are an arm's length, two frames at 10 frames per second
// (or the previous frame at 3), and no other person in reach.
constexpr double kSamePlaceSizes = 0.75;
constexpr double kSamePlaceLogScale = 0.38;  // A factor of less than 1.5, over the common keypoints.
constexpr double kMomentSeconds = 0.21;
constexpr double kMomentOfFramesSeconds = 0.35;
constexpr double kAloneSizes = 2.0;
// A person may be occluded by another who covers at least this share of their box; less leaves most keypoints visible.
constexpr double kOcclusionShare = 0.3;

// A track gets an ID once it has enough evidence of being a person. Each detection adds the amount by which its score
// exceeds a floor, which is this share of min_new_score: false positives score less, or not for long. Frames in quick
// succession have the same false positives, so each counts less. Duplicates may be two people, but count less, too.
constexpr double kFloorShare = 0.3;
constexpr double kFalsePositiveSeconds = 0.1;
constexpr double kEvidenceOfDuplicates = 0.3;

// Decoders return poses in descending order of score. Malicious maps can yield a million; so many are compared
// pairwise.
constexpr std::size_t kMaxCompared = 100;

Result<void> CheckTrackerOptions(const PoseTrackerOptions& options) {
  if (options.similarity != TrackSimilarity::kKeypoints && options.similarity != TrackSimilarity::kBox) {
    return base::Fail(ErrorCode::kInvalidArgument, "similarity ", static_cast<int>(options.similarity),
                      " does not exist");
  }
  if (options.max_tracks < 1 || options.max_tracks > kMaxTracks) {
    return base::Fail(ErrorCode::kInvalidArgument, "max_tracks is ", options.max_tracks, "; expected 1 to ",
                      kMaxTracks);
  }
  if (!(options.max_age_ms > 0.0) || !std::isfinite(options.max_age_ms)) {
    return base::Fail(ErrorCode::kInvalidArgument, "max_age_ms is ", options.max_age_ms, "; expected more than 0");
  }
  if (!(options.min_keypoint_score >= 0.0F && options.min_keypoint_score <= 1.0F)) {
    return base::Fail(ErrorCode::kInvalidArgument, "min_keypoint_score is ", options.min_keypoint_score,
                      "; expected 0 to 1");
  }
  if (!(options.min_new_score >= 0.0F && options.min_new_score <= 1.0F)) {
    return base::Fail(ErrorCode::kInvalidArgument, "min_new_score is ", options.min_new_score, "; expected 0 to 1");
  }
  return {};
}

constexpr human::body::Box kEmptyBox = {.min_x_px = std::numeric_limits<double>::infinity(),
                                        .min_y_px = std::numeric_limits<double>::infinity(),
                                        .max_x_px = -std::numeric_limits<double>::infinity(),
                                        .max_y_px = -std::numeric_limits<double>::infinity()};

/// The share of `box` that `other` covers.
double CoveredShare(const human::body::Box& box, const human::body::Box& other) {
  const double width = std::min(box.max_x_px, other.max_x_px) - std::max(box.min_x_px, other.min_x_px);
  const double height = std::min(box.max_y_px, other.max_y_px) - std::max(box.min_y_px, other.min_y_px);
  if (width <= 0.0 || height <= 0.0) return 0.0;
  return width * height / (box.Width() * box.Height());
}

/// Whether a pose and another pose of the frame are duplicates of each other.
struct Duplicates {
  bool is_duplicate = false;   ///< Of a pose with a higher score, or with the same score and a lower index.
  bool has_duplicate = false;  ///< The other way round.
};

std::vector<Duplicates> FindDuplicates(std::span<const Pose> poses, float min_keypoint_score) {
  std::vector<Duplicates> duplicates(poses.size());
  const std::size_t compared = std::min(poses.size(), kMaxCompared);
  for (std::size_t i = 0; i < compared; ++i) {
    const double size_px = human::body::SizeOf(human::body::BoxOf(poses[i], min_keypoint_score));
    for (std::size_t j = i + 1; j < poses.size(); ++j) {
      if (human::body::KeypointSimilarity(poses[i], poses[j], size_px, min_keypoint_score) < kDuplicateSimilarity) {
        continue;
      }
      const bool first_is_better = poses[i].score >= poses[j].score;
      duplicates[first_is_better ? j : i].is_duplicate = true;
      duplicates[first_is_better ? i : j].has_duplicate = true;
    }
  }
  return duplicates;
}

/// The stages of the association of poses with tracks. Each one considers what the previous ones left.
enum class Stage {
  kConfirmed,   ///< Confirmed tracks; those that were missed in the previous frame are not matched with duplicates.
  kIdentified,  ///< Tracks with an ID.
  kSamePlace,   ///< Re-identification in place of tracks with an ID.
  kAll,         ///< All tracks.
};

bool IsCandidate(Stage stage, const PersonTrack& track) {
  if (stage == Stage::kConfirmed) return track.IsConfirmed();
  return stage == Stage::kAll || track.id() != 0;
}

/// Poses are associated in two passes. Most poses with a low score are duplicates, and match a track as well as the
/// right pose does: they are considered last.
enum class Pass { kHighScores, kLowScores };

/// The likelihood, relative to track `row`, of the best other track for pose `column`; at most 1.
double RivalLikelihood(std::span<const Fit> fits, std::size_t columns, std::size_t row, std::size_t column) {
  const double log_likelihood = fits[row * columns + column].log_likelihood;
  double rival = 0.0;
  for (std::size_t other = 0; other * columns < fits.size(); ++other) {
    const Fit& fit = fits[other * columns + column];
    if (other == row || !fit.passes_gate) continue;
    rival = std::max(rival, std::exp(std::min(fit.log_likelihood - log_likelihood, 0.0)));
  }
  return rival;
}

/// The state of one Update.
struct TrackedFrame {
  std::span<const Pose> poses;
  std::vector<Duplicates> duplicates;
  std::vector<std::size_t> tracks;  ///< Index of the track of each pose, or kUnassigned.
};

}  // namespace

struct PoseTracker::Impl {
  explicit Impl(const PoseTrackerOptions& tracker_options) : options(tracker_options) {}

  void PredictTracks(double time_s);
  void CountDetection(PersonTrack& track, const TrackedFrame& frame, std::size_t pose);
  [[nodiscard]] double EvidenceOf(const TrackedFrame& frame, std::size_t pose) const;
  [[nodiscard]] double Floor() const { return kFloorShare * options.min_new_score; }
  [[nodiscard]] double RequiredEvidence() const { return options.min_new_score - Floor(); }
  void Associate(Stage stage, Pass pass, TrackedFrame& frame);
  [[nodiscard]] Pass PassOf(const Pose& pose) const;
  void StartTracks(TrackedFrame& frame);
  void FinishFrame(double frame_s);
  [[nodiscard]] bool IsExtentKnown() const { return confirmed_count >= kMinTracksForExtent; }
  [[nodiscard]] bool IsInside(const Pose& pose) const;
  [[nodiscard]] double MinLogLikelihood(const PersonTrack& track, const Pose& pose) const;
  [[nodiscard]] Absence AbsenceOf(const PersonTrack& track) const;
  [[nodiscard]] std::vector<std::int64_t> IdsOf(const TrackedFrame& frame);
  void DropExcessTracks();

  [[nodiscard]] bool IsAlone(const PersonTrack& track, const Pose& pose) const;
  [[nodiscard]] bool WasMissed(const PersonTrack& track) const { return track.last_detected_s() < previous_time_s; }
  [[nodiscard]] Fit FitOf(Stage stage, const PersonTrack& track, const TrackedFrame& frame, std::size_t pose) const;

  PoseTrackerOptions options;
  std::vector<PersonTrack> tracks;
  std::vector<bool> is_matched;  // Of each track, in the current frame.
  std::int64_t next_id = 1;
  double previous_time_s = -std::numeric_limits<double>::infinity();
  double last_time_s = -std::numeric_limits<double>::infinity();
  int confirmed_count = 0;                 // Tracks confirmed so far, up to kMinTracksForExtent.
  human::body::Box extent_px = kEmptyBox;  // Of the positions of confirmed tracks so far.
};

/// Drops old tracks and predicts the others at `time_s`.
void PoseTracker::Impl::PredictTracks(double time_s) {
  std::erase_if(tracks, [&](const PersonTrack& track) {
    const double missed_ms = (time_s - track.last_detected_s()) * 1e3;
    return missed_ms > (track.IsConfirmed() ? options.max_age_ms : std::min(options.max_age_ms, kMaxAgeUnconfirmedMs));
  });
  for (PersonTrack& track : tracks) track.Predict(time_s);
  is_matched.assign(tracks.size(), false);
  previous_time_s = last_time_s;
  last_time_s = time_s;
}

/// Whether no confirmed or matched track other than `track` is near the pose.
bool PoseTracker::Impl::IsAlone(const PersonTrack& track, const Pose& pose) const {
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const bool is_person = tracks[i].IsConfirmed() || is_matched[i];
    if (is_person && &tracks[i] != &track && tracks[i].DistanceTo(pose) <= kAloneSizes) return false;
  }
  return true;
}

/// Whether the pose is away from the left and right edges of the image, where people enter. The width of the image is
/// estimated from the positions of people, because the tracker does not get the image.
bool PoseTracker::Impl::IsInside(const Pose& pose) const {
  const human::body::Box box = human::body::BoxOf(pose, options.min_keypoint_score);
  const double margin = kEdgeSizes * human::body::SizeOf(box);
  const double x = 0.5 * (box.min_x_px + box.max_x_px);
  return x - margin > extent_px.min_x_px && x + margin < extent_px.max_x_px;
}

/// The minimum log-likelihood of associating `pose` with `track` instead of starting a new track.
double PoseTracker::Impl::MinLogLikelihood(const PersonTrack& track, const Pose& pose) const {
  if (!IsExtentKnown()) return kMinLogLikelihood;
  if (IsInside(pose)) return kMinLogLikelihoodInside;
  return WasMissed(track) ? kMinLogLikelihoodAtEdge : kMinLogLikelihoodPresent;
}

/// The association of the pose with the track, with the log-likelihood relative to that of a new person: above 0 if the
/// association is more likely.
Fit PoseTracker::Impl::FitOf(Stage stage, const PersonTrack& track, const TrackedFrame& frame, std::size_t pose) const {
  const Duplicates& duplicates = frame.duplicates[pose];
  if (stage == Stage::kSamePlace) {
    const double moment_s = WasMissed(track) ? kMomentSeconds : kMomentOfFramesSeconds;
    if (last_time_s - track.last_detected_s() > moment_s || !IsAlone(track, frame.poses[pose])) return {};
    const double distance_sizes = track.DistanceTo(frame.poses[pose]);
    const bool has_same_size = std::abs(track.LogScaleTo(frame.poses[pose])) < kSamePlaceLogScale;
    return {.passes_gate = has_same_size && distance_sizes < kSamePlaceSizes,
            .log_likelihood = kSamePlaceSizes - distance_sizes};
  }
  const bool is_ambiguous = duplicates.is_duplicate || duplicates.has_duplicate;
  if (stage == Stage::kConfirmed && is_ambiguous && WasMissed(track)) return {};
  Fit fit = track.FitOf(frame.poses[pose], options.similarity);
  fit.log_likelihood -= MinLogLikelihood(track, frame.poses[pose]);
  if (duplicates.is_duplicate) fit.log_likelihood -= kDuplicatePenalty;
  if (!track.IsConfirmed()) fit.log_likelihood -= kUnconfirmedPenalty;
  return fit;
}

/// The evidence of the first detection of a person.
double PoseTracker::Impl::EvidenceOf(const TrackedFrame& frame, std::size_t pose) const {
  const double above_floor = std::max(frame.poses[pose].score - Floor(), 0.0);
  return frame.duplicates[pose].is_duplicate ? kEvidenceOfDuplicates * above_floor : above_floor;
}

/// Adds the evidence of `pose` to `track`, and identifies or confirms the track if that is enough.
void PoseTracker::Impl::CountDetection(PersonTrack& track, const TrackedFrame& frame, std::size_t pose) {
  const bool was_confirmed = track.IsConfirmed();
  const double share = track.IsNew() ? 1.0 : std::min((last_time_s - previous_time_s) / kFalsePositiveSeconds, 1.0);
  track.AddEvidence(share * EvidenceOf(frame, pose));
  if (track.id() == 0 && track.evidence() >= RequiredEvidence()) track.SetId(next_id++);
  if (!frame.duplicates[pose].is_duplicate) track.CountDetection();
  if (!was_confirmed && track.IsConfirmed()) confirmed_count = std::min(confirmed_count + 1, kMinTracksForExtent);
}

Pass PoseTracker::Impl::PassOf(const Pose& pose) const {
  return pose.score < Floor() ? Pass::kLowScores : Pass::kHighScores;
}

/// Associates poses and tracks that are not associated yet, with the maximum total likelihood.
void PoseTracker::Impl::Associate(Stage stage, Pass pass, TrackedFrame& frame) {
  std::vector<std::size_t> rows;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!is_matched[i] && IsCandidate(stage, tracks[i])) rows.push_back(i);
  }
  for (std::size_t i = 0; i < frame.poses.size(); ++i) {
    if (frame.tracks[i] == human::kUnassigned && PassOf(frame.poses[i]) == pass) columns.push_back(i);
  }
  std::vector<Fit> fits;
  std::vector<double> values;
  for (const std::size_t row : rows) {
    for (const std::size_t column : columns) {
      fits.push_back(FitOf(stage, tracks[row], frame, column));
      values.push_back(fits.back().passes_gate ? fits.back().log_likelihood : 0.0);
    }
  }
  const std::vector<std::size_t> assignment = human::BestAssignment(values, rows.size(), columns.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t column = assignment[row];
    if (column == human::kUnassigned) continue;
    const Fit& fit = fits[row * columns.size() + column];
    PersonTrack& track = tracks[rows[row]];
    const std::size_t pose = columns[column];
    if (stage == Stage::kSamePlace) {
      track.Restart(frame.poses[pose]);
    } else if (!(WasMissed(track) && frame.duplicates[pose].is_duplicate)) {
      // A duplicate may show the person who was occluded, or not: it gets the ID, but does not update the track.
      track.Correct(frame.poses[pose], fit,
                    1.0 + kAmbiguityVarianceFactor * RivalLikelihood(fits, columns.size(), row, column));
    }
    CountDetection(track, frame, pose);
    is_matched[rows[row]] = true;
    frame.tracks[pose] = rows[row];
  }
}

/// Why a track was not detected in the current frame.
Absence PoseTracker::Impl::AbsenceOf(const PersonTrack& track) const {
  const human::tracking::Vector at = track.position_px();
  const bool is_inside = at.x >= extent_px.min_x_px && at.x <= extent_px.max_x_px && at.y >= extent_px.min_y_px &&
                         at.y <= extent_px.max_y_px;
  if (IsExtentKnown() && !is_inside) return Absence::kOutside;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const bool covers = CoveredShare(track.PredictedBox(), tracks[i].PredictedBox()) > kOcclusionShare;
    if (is_matched[i] && covers) return Absence::kOccluded;
  }
  return Absence::kVisible;
}

/// Marks tracks without a pose as missed, and extends the extent by the others.
void PoseTracker::Impl::FinishFrame(double frame_s) {
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!is_matched[i]) {
      tracks[i].MarkMissed(AbsenceOf(tracks[i]), frame_s);
      continue;
    }
    if (!tracks[i].IsConfirmed()) continue;
    const human::tracking::Vector at = tracks[i].position_px();
    extent_px.min_x_px = std::min(extent_px.min_x_px, at.x);
    extent_px.max_x_px = std::max(extent_px.max_x_px, at.x);
    extent_px.min_y_px = std::min(extent_px.min_y_px, at.y);
    extent_px.max_y_px = std::max(extent_px.max_y_px, at.y);
  }
}

/// Starts a track for each unassociated pose.
void PoseTracker::Impl::StartTracks(TrackedFrame& frame) {
  int started = 0;  // At most as many as DropExcessTracks keeps: malicious maps yield many poses.
  for (std::size_t i = 0; i < frame.poses.size(); ++i) {
    if (frame.tracks[i] != human::kUnassigned || ++started > options.max_tracks) continue;
    frame.tracks[i] = tracks.size();
    tracks.emplace_back(frame.poses[i], last_time_s, options.min_keypoint_score);
    CountDetection(tracks.back(), frame, i);
  }
}

/// The ID of each pose. Poses beyond the maximum number of new tracks get an ID if their evidence is sufficient.
std::vector<std::int64_t> PoseTracker::Impl::IdsOf(const TrackedFrame& frame) {
  std::vector<std::int64_t> ids(frame.poses.size(), 0);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (frame.tracks[i] != human::kUnassigned) {
      ids[i] = tracks[frame.tracks[i]].id();
    } else if (EvidenceOf(frame, i) >= RequiredEvidence()) {
      ids[i] = next_id++;
    }
  }
  return ids;
}

/// Keeps the max_tracks confirmed tracks that are most likely to reappear, and as many unconfirmed ones. These have a
/// limit of their own: they must not displace confirmed tracks, and must not be displaced before they can be confirmed.
void PoseTracker::Impl::DropExcessTracks() {
  const auto limit = static_cast<std::ptrdiff_t>(options.max_tracks);
  std::stable_sort(tracks.begin(), tracks.end(), [](const PersonTrack& a, const PersonTrack& b) {
    return a.IsConfirmed() != b.IsConfirmed() ? a.IsConfirmed() : a.log_loss() < b.log_loss();
  });
  const auto unconfirmed =
      std::find_if(tracks.begin(), tracks.end(), [](const auto& track) { return !track.IsConfirmed(); });
  if (tracks.end() - unconfirmed > limit) tracks.erase(unconfirmed + limit, tracks.end());
  if (unconfirmed - tracks.begin() > limit) tracks.erase(tracks.begin() + limit, unconfirmed);
}

PoseTracker::PoseTracker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PoseTracker::PoseTracker(PoseTracker&&) noexcept = default;
PoseTracker& PoseTracker::operator=(PoseTracker&&) noexcept = default;
PoseTracker::~PoseTracker() = default;

Result<PoseTracker> PoseTracker::Create(const PoseTrackerOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<PoseTracker> {
    POSENET_RETURN_IF_ERROR(CheckTrackerOptions(options));
    return PoseTracker(std::make_unique<Impl>(options));
  });
}

Result<std::vector<std::int64_t>> PoseTracker::Update(std::span<const Pose> poses, double time_s) {
  return base::CatchBadAlloc([&]() -> Result<std::vector<std::int64_t>> {
    POSENET_RETURN_IF_ERROR(human::body::CheckTime(time_s, impl_->last_time_s));
    POSENET_RETURN_IF_ERROR(human::body::CheckFinite(poses));
    TrackedFrame frame = {.poses = poses,
                          .duplicates = FindDuplicates(poses, impl_->options.min_keypoint_score),
                          .tracks = std::vector<std::size_t>(poses.size(), human::kUnassigned)};
    impl_->PredictTracks(time_s);
    for (const Pass pass : {Pass::kHighScores, Pass::kLowScores}) {
      for (const Stage stage : {Stage::kConfirmed, Stage::kIdentified, Stage::kSamePlace, Stage::kAll}) {
        impl_->Associate(stage, pass, frame);
      }
    }
    impl_->FinishFrame(std::isfinite(impl_->previous_time_s) ? time_s - impl_->previous_time_s : 0.0);
    impl_->StartTracks(frame);
    std::vector<std::int64_t> ids = impl_->IdsOf(frame);
    impl_->DropExcessTracks();
    return ids;
  });
}

Result<std::vector<TrackPrediction>> PoseTracker::Predict(double time_s) const {
  return base::CatchBadAlloc([&]() -> Result<std::vector<TrackPrediction>> {
    POSENET_RETURN_IF_ERROR(human::body::CheckTime(time_s, impl_->last_time_s));
    std::vector<TrackPrediction> predictions;
    for (const PersonTrack& track : impl_->tracks) {
      predictions.push_back({.id = track.id(),
                             .is_confirmed = track.IsConfirmed(),
                             .missed_s = impl_->last_time_s - track.last_detected_s(),
                             .pose = track.PredictedPose(time_s)});
    }
    return predictions;
  });
}

void PoseTracker::Reset() {
  impl_->tracks.clear();
  impl_->previous_time_s = impl_->last_time_s = -std::numeric_limits<double>::infinity();
  impl_->confirmed_count = 0;
  impl_->extent_px = kEmptyBox;
}

}  // namespace posenet
