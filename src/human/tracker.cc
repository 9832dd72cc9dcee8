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

using tracking::Fit;
using tracking::PersonTrack;

// A mistyped count becomes an error; the time of a frame grows with its square.
constexpr int kMaxTrackCount = 1000;

// How much likelier a pose fits a track than it is somebody new, for the two to be joined: exp(-12) is a prediction
// that is four standard deviations off (exp(-8)), or one that was not corrected for about a second.
constexpr double kMinLogLikelihood = -12.0;

// Who was seen once or twice is forgotten sooner: most are the detector's second look at somebody.
constexpr double kMaxAgeUnconfirmed_ms = 500.0;

// When another person is as likely at the same place: variance of the sighting is multiplied by 1 + this.
constexpr double kDoubtOfMeetings = 9.0;

// Poses of one frame that are more alike than this are two looks at one person, or two people of whom one hides the
// other. Shoulder to shoulder, 0.3 sizes apart, people are 0.25 alike; a decoder's second looks are 0.5 and more.
constexpr double kSecondLookSimilarity = 0.35;
// Who was hidden and may be seen now, or not: the number is theirs, but they are believed to walk on as before.
constexpr double kDoubtOfSecondLooks = 100.0;
// Decoders answer with the surest first: hostile maps can yield a million poses, of which so many are compared.
constexpr std::size_t kMaxCompared = 100;

// Of several poses that fit, the surer one; what is below counts as this.
constexpr float kLeastPoseScore = 0.05F;

Result<void> CheckTrackerOptions(const PoseTrackerOptions& options) {
  if (options.similarity != TrackSimilarity::kKeypoints && options.similarity != TrackSimilarity::kBox) {
    return Fail(ErrorCode::kInvalidArgument, "similarity ", static_cast<int>(options.similarity), " does not exist");
  }
  if (options.max_tracks < 1 || options.max_tracks > kMaxTrackCount) {
    return Fail(ErrorCode::kInvalidArgument, "max_tracks is ", options.max_tracks, "; expected 1 to ", kMaxTrackCount);
  }
  if (!(options.max_age_ms > 0.0) || !std::isfinite(options.max_age_ms)) {
    return Fail(ErrorCode::kInvalidArgument, "max_age_ms is ", options.max_age_ms, "; expected more than 0");
  }
  if (!(options.min_keypoint_score >= 0.0F && options.min_keypoint_score <= 1.0F)) {
    return Fail(ErrorCode::kInvalidArgument, "min_keypoint_score is ", options.min_keypoint_score, "; expected 0 to 1");
  }
  return {};
}

/// For each pose whether a surer one, or one before it that is as sure, is much the same.
std::vector<bool> FindSecondLooks(std::span<const Pose> poses, float min_keypoint_score) {
  std::vector<bool> is_second_look(poses.size(), false);
  const std::size_t compared = std::min(poses.size(), kMaxCompared);
  for (std::size_t i = 0; i < compared; ++i) {
    const double size_px = body::SizeOf(body::BoxOf(poses[i], min_keypoint_score));
    for (std::size_t j = i + 1; j < poses.size(); ++j) {
      if (body::KeypointSimilarity(poses[i], poses[j], size_px, min_keypoint_score) < kSecondLookSimilarity) continue;
      is_second_look[poses[i].score >= poses[j].score ? j : i] = true;
    }
  }
  return is_second_look;
}

}  // namespace

struct PoseTracker::Impl {
  explicit Impl(const PoseTrackerOptions& tracker_options) : options(tracker_options) {}

  void Advance(double time_s);
  void Match(std::span<const Pose> poses, const std::vector<bool>& is_second_look, bool among_confirmed,
             std::vector<std::int64_t>& ids);
  void Trim();

  PoseTrackerOptions options;
  std::vector<PersonTrack> tracks;
  std::int64_t next_id = 1;
  double frame_before_s = -std::numeric_limits<double>::infinity();
  double last_time_s = -std::numeric_limits<double>::infinity();
};

/// Predicts everybody's place at `time_s` and forgets who was not seen for long.
void PoseTracker::Impl::Advance(double time_s) {
  std::erase_if(tracks, [&](const PersonTrack& track) {
    const double unseen_ms = (time_s - track.last_seen_s()) * 1e3;
    return unseen_ms > (track.IsConfirmed() ? options.max_age_ms : std::min(options.max_age_ms, kMaxAgeUnconfirmed_ms));
  });
  for (PersonTrack& track : tracks) track.Predict(time_s);
  frame_before_s = last_time_s;
  last_time_s = time_s;
}

/// Joins poses that have no number yet with tracks, confirmed ones or the others, as is likeliest for all together.
void PoseTracker::Impl::Match(std::span<const Pose> poses, const std::vector<bool>& is_second_look,
                              bool among_confirmed, std::vector<std::int64_t>& ids) {
  std::vector<std::size_t> rows;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].IsConfirmed() == among_confirmed) rows.push_back(i);
  }
  for (std::size_t i = 0; i < poses.size(); ++i) {
    if (ids[i] == 0) columns.push_back(i);
  }
  std::vector<Fit> fits;
  std::vector<double> values;
  for (const std::size_t row : rows) {
    for (const std::size_t column : columns) {
      const Pose& pose = poses[column];
      const Fit fit = tracks[row].FitOf(pose, options.similarity);
      const double score = static_cast<double>(std::clamp(pose.score, kLeastPoseScore, 1.0F));
      values.push_back(fit.is_plausible ? fit.log_likelihood + std::log(score) - kMinLogLikelihood : 0.0);
      fits.push_back(fit);
    }
  }
  const std::vector<std::size_t> assignment = BestAssignment(values, rows.size(), columns.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t column = assignment[row];
    if (column == kUnassigned) continue;
    const Fit& fit = fits[row * columns.size() + column];
    double rival = 0.0;  // How likely the likeliest other person is, compared with this one.
    for (std::size_t other = 0; other < rows.size(); ++other) {
      const Fit& other_fit = fits[other * columns.size() + column];
      if (other == row || !other_fit.is_plausible) continue;
      rival = std::max(rival, std::exp(std::min(other_fit.log_likelihood - fit.log_likelihood, 0.0)));
    }
    PersonTrack& track = tracks[rows[row]];
    const std::size_t pose = columns[column];
    const bool was_hidden = track.last_seen_s() < frame_before_s;
    track.Correct(poses[pose], fit,
                  was_hidden && is_second_look[pose] ? kDoubtOfSecondLooks : 1.0 + kDoubtOfMeetings * rival);
    if (!is_second_look[pose]) track.CountSighting();
    ids[pose] = track.id();
  }
}

/// Keeps as many as are wanted: those seen last, and of these who is known for sure.
void PoseTracker::Impl::Trim() {
  const auto limit = static_cast<std::size_t>(options.max_tracks);
  if (tracks.size() <= limit) return;
  std::stable_sort(tracks.begin(), tracks.end(), [](const PersonTrack& a, const PersonTrack& b) {
    if (a.IsConfirmed() != b.IsConfirmed()) return a.IsConfirmed();
    return a.last_seen_s() > b.last_seen_s();
  });
  tracks.erase(tracks.begin() + static_cast<std::ptrdiff_t>(limit), tracks.end());
}

PoseTracker::PoseTracker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PoseTracker::PoseTracker(PoseTracker&&) noexcept = default;
PoseTracker& PoseTracker::operator=(PoseTracker&&) noexcept = default;
PoseTracker::~PoseTracker() = default;

Result<PoseTracker> PoseTracker::Create(const PoseTrackerOptions& options) {
  return CatchBadAlloc([&]() -> Result<PoseTracker> {
    POSENET_RETURN_IF_ERROR(CheckTrackerOptions(options));
    return PoseTracker(std::make_unique<Impl>(options));
  });
}

Result<std::vector<std::int64_t>> PoseTracker::Update(std::span<const Pose> poses, double time_s) {
  return CatchBadAlloc([&]() -> Result<std::vector<std::int64_t>> {
    POSENET_RETURN_IF_ERROR(body::CheckTime(time_s, impl_->last_time_s));
    POSENET_RETURN_IF_ERROR(body::CheckFinite(poses));
    std::vector<std::int64_t> ids(poses.size(), 0);
    impl_->Advance(time_s);
    const std::vector<bool> is_second_look = FindSecondLooks(poses, impl_->options.min_keypoint_score);
    impl_->Match(poses, is_second_look, true, ids);
    impl_->Match(poses, is_second_look, false, ids);
    int remembered = 0;  // No more than are kept, however many poses hostile maps yield.
    for (std::size_t i = 0; i < poses.size(); ++i) {
      if (ids[i] != 0) continue;
      ids[i] = impl_->next_id++;
      if (++remembered > impl_->options.max_tracks) continue;
      impl_->tracks.emplace_back(ids[i], poses[i], time_s, impl_->options.min_keypoint_score);
      if (!is_second_look[i]) impl_->tracks.back().CountSighting();
    }
    impl_->Trim();
    return ids;
  });
}

void PoseTracker::Reset() {
  impl_->tracks.clear();
  impl_->frame_before_s = impl_->last_time_s = -std::numeric_limits<double>::infinity();
}

}  // namespace posenet
