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

// A mistyped count becomes an error; the time of a frame grows with its square.
constexpr int kMaxTrackCount = 1000;

// A pose that fits a track this little is somebody new. Losses so far: exp(-8) for a prediction that is four standard
// deviations off, exp(-7) for one that is a second old and spread over a thousand times the area of a sighting. Near
// where people come in, somebody new is likelier than far from there, and there nobody leaves between two frames.
constexpr double kMinLogLikelihoodInside = -15.0;
constexpr double kMinLogLikelihoodPresent = -14.0;
constexpr double kMinLogLikelihoodAtEdge = -10.0;
constexpr double kMinLogLikelihood = -12.0;  // Where it is not known how far the image goes.
constexpr double kEdgeSizes = 0.5;
// How far it goes is known once so many people were. The first one may be anywhere.
constexpr int kPeopleWhoTell = 3;

// Who was seen once or twice is forgotten sooner: most are the detector's second look at somebody.
constexpr double kMaxAgeUnconfirmedMs = 500.0;

// When another person is as likely at the same place: variance of the sighting is multiplied by 1 + this.
constexpr double kDoubtOfMeetings = 9.0;

// Poses of one frame that are more alike than this are two looks at one person, or two people of whom one hides the
// other. Shoulder to shoulder, 0.3 sizes apart, people are 0.25 alike; a decoder's second looks are 0.5 and more.
constexpr double kSecondLookSimilarity = 0.35;
// Of two looks at a person the surer one: the other counts as if it were two standard deviations further off.
constexpr double kLossOfSecondLooks = 2.0;
// Who is known was seen three times and more.
constexpr double kAdvantageOfKnown = 1.5;

// Where nobody else is, hardly anybody vanishes at the moment at which somebody appears in the same place: a person at
// the edge of the image, of whom the decoder finds now the face and now the legs, stays who they are. Within an arm's
// length, two frames at 10 frames a second (or the frame before, at 3), and nobody else within reach.
constexpr double kSamePlaceSizes = 0.75;
constexpr double kSamePlaceLogScale = 0.38;  // And not half as large again, as far as both are seen.
constexpr double kMomentSeconds = 0.21;
constexpr double kMomentOfFramesSeconds = 0.35;
constexpr double kAloneSizes = 2.0;
// Who is covered to that share by somebody else may be hidden; what covers less leaves most keypoints to be seen.
constexpr double kHidingShare = 0.3;

// Who is new gets a number once enough speaks for somebody being there. Every sighting does, by as much as its score is
// above a floor, this share of min_new_score: what shows nobody scores less, or more, but not for long. Frames that are
// closer together than this show the same mistakes, and each counts for less. Two sure poses in one place may be two
// people, but it takes longer to believe.
constexpr double kFloorShare = 0.3;
constexpr double kMistakeSeconds = 0.1;
constexpr double kEvidenceOfSecondLooks = 0.3;

// Decoders answer with the surest first: hostile maps can yield a million poses, of which so many are compared.
constexpr std::size_t kMaxCompared = 100;

Result<void> CheckTrackerOptions(const PoseTrackerOptions& options) {
  if (options.similarity != TrackSimilarity::kKeypoints && options.similarity != TrackSimilarity::kBox) {
    return base::Fail(ErrorCode::kInvalidArgument, "similarity ", static_cast<int>(options.similarity),
                      " does not exist");
  }
  if (options.max_tracks < 1 || options.max_tracks > kMaxTrackCount) {
    return base::Fail(ErrorCode::kInvalidArgument, "max_tracks is ", options.max_tracks, "; expected 1 to ",
                      kMaxTrackCount);
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

constexpr human::body::Box kNowhere = {.min_x_px = std::numeric_limits<double>::infinity(),
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

/// What else was seen where a pose is.
struct Company {
  bool is_second_look = false;  ///< A surer pose, or one before it that is as sure, is much the same.
  bool has_second_look = false;
};

std::vector<Company> FindCompany(std::span<const Pose> poses, float min_keypoint_score) {
  std::vector<Company> company(poses.size());
  const std::size_t compared = std::min(poses.size(), kMaxCompared);
  for (std::size_t i = 0; i < compared; ++i) {
    const double size_px = human::body::SizeOf(human::body::BoxOf(poses[i], min_keypoint_score));
    for (std::size_t j = i + 1; j < poses.size(); ++j) {
      if (human::body::KeypointSimilarity(poses[i], poses[j], size_px, min_keypoint_score) < kSecondLookSimilarity)
        continue;
      const bool first_is_surer = poses[i].score >= poses[j].score;
      company[first_is_surer ? j : i].is_second_look = true;
      company[first_is_surer ? i : j].has_second_look = true;
    }
  }
  return company;
}

/// Whom poses may belong to, one round after the other.
enum class Round {
  kPresent,  ///< Those who are known; of them those who were hidden take no pose that may be a second look, or had one.
  kNamed,    ///< Who has a number and is left.
  kInPlace,  ///< Of them who was there a moment ago and is not found, with who appeared in the same place.
  kOthers,   ///< Everybody who is left.
};

/// Whether poses may belong to that person in that round, as far as it is for the person to say.
bool MayChoose(Round round, const PersonTrack& track) {
  if (round == Round::kPresent) return track.IsConfirmed();
  return round == Round::kOthers || track.id() != 0;
}

/// A frame on its way through the tracker.
struct TrackedFrame {
  std::span<const Pose> poses;
  std::vector<Company> company;
  std::vector<std::size_t> tracks;  ///< Of each pose; kUnassigned: none.
};

}  // namespace

struct PoseTracker::Impl {
  explicit Impl(const PoseTrackerOptions& tracker_options) : options(tracker_options) {}

  void Advance(double time_s);
  void CountSighting(PersonTrack& track, const Pose& pose, bool is_second_look);
  [[nodiscard]] double EvidenceOf(const Pose& pose, bool is_second_look) const;
  [[nodiscard]] double Floor() const { return kFloorShare * options.min_new_score; }
  [[nodiscard]] double EvidenceWanted() const { return options.min_new_score - Floor(); }
  void Match(Round round, bool weak_ones, TrackedFrame& frame);
  [[nodiscard]] bool IsWeak(const TrackedFrame& frame, std::size_t pose) const;
  void Begin(TrackedFrame& frame);
  void MissOthers(double frame_s);
  [[nodiscard]] bool IsAreaKnown() const { return known_count >= kPeopleWhoTell; }
  [[nodiscard]] bool IsInside(const Pose& pose) const;
  [[nodiscard]] double MinLogLikelihood(const PersonTrack& track, const Pose& pose) const;
  [[nodiscard]] Absence AbsenceOf(const PersonTrack& track) const;
  [[nodiscard]] std::vector<std::int64_t> IdsOf(const TrackedFrame& frame);
  void Trim();

  [[nodiscard]] bool IsAlone(const PersonTrack& track, const Pose& pose) const;
  [[nodiscard]] bool WasHidden(const PersonTrack& track) const { return track.last_seen_s() < frame_before_s; }
  [[nodiscard]] Fit FitOf(Round round, const PersonTrack& track, const TrackedFrame& frame, std::size_t pose) const;

  PoseTrackerOptions options;
  std::vector<PersonTrack> tracks;
  std::vector<bool> is_matched;  // Of the tracks, in this frame.
  std::int64_t next_id = 1;
  double frame_before_s = -std::numeric_limits<double>::infinity();
  double last_time_s = -std::numeric_limits<double>::infinity();
  int known_count = 0;                       // People who became known so far, up to kPeopleWhoTell.
  human::body::Box seen_area_px = kNowhere;  // Where the bodies of people who are known were so far.
};

/// Predicts everybody's place at `time_s` and forgets who was not seen for long.
void PoseTracker::Impl::Advance(double time_s) {
  std::erase_if(tracks, [&](const PersonTrack& track) {
    const double unseen_ms = (time_s - track.last_seen_s()) * 1e3;
    return unseen_ms > (track.IsConfirmed() ? options.max_age_ms : std::min(options.max_age_ms, kMaxAgeUnconfirmedMs));
  });
  for (PersonTrack& track : tracks) track.Predict(time_s);
  is_matched.assign(tracks.size(), false);
  frame_before_s = last_time_s;
  last_time_s = time_s;
}

/// Whether nobody but that person is, or may be hidden, near the pose. Passing mistakes do not count.
bool PoseTracker::Impl::IsAlone(const PersonTrack& track, const Pose& pose) const {
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const bool is_somebody = tracks[i].IsConfirmed() || is_matched[i];
    if (is_somebody && &tracks[i] != &track && tracks[i].DistanceTo(pose) <= kAloneSizes) return false;
  }
  return true;
}

/// Whether the pose is so far from where people come in, the sides of the image, that it hardly shows somebody new.
/// The image is as wide as people were seen in it: of how large it is nothing is said to a tracker.
bool PoseTracker::Impl::IsInside(const Pose& pose) const {
  const human::body::Box box = human::body::BoxOf(pose, options.min_keypoint_score);
  const double margin = kEdgeSizes * human::body::SizeOf(box);
  const double x = 0.5 * (box.min_x_px + box.max_x_px);
  return x - margin > seen_area_px.min_x_px && x + margin < seen_area_px.max_x_px;
}

/// What a pose must fit a track by, so as not to be somebody new.
double PoseTracker::Impl::MinLogLikelihood(const PersonTrack& track, const Pose& pose) const {
  if (!IsAreaKnown()) return kMinLogLikelihood;
  if (IsInside(pose)) return kMinLogLikelihoodInside;
  return WasHidden(track) ? kMinLogLikelihoodAtEdge : kMinLogLikelihoodPresent;
}

/// How well the pose fits, and how much likelier that is than that it shows somebody new: above 0 it may.
Fit PoseTracker::Impl::FitOf(Round round, const PersonTrack& track, const TrackedFrame& frame, std::size_t pose) const {
  const Company& company = frame.company[pose];
  if (round == Round::kInPlace) {
    const double moment_s = WasHidden(track) ? kMomentSeconds : kMomentOfFramesSeconds;
    if (last_time_s - track.last_seen_s() > moment_s || !IsAlone(track, frame.poses[pose])) return {};
    const double distance_sizes = track.DistanceTo(frame.poses[pose]);
    const bool is_of_size = std::abs(track.LogScaleTo(frame.poses[pose])) < kSamePlaceLogScale;
    return {.is_plausible = is_of_size && distance_sizes < kSamePlaceSizes,
            .log_likelihood = kSamePlaceSizes - distance_sizes};
  }
  const bool is_crowded = company.is_second_look || company.has_second_look;
  if (round == Round::kPresent && is_crowded && WasHidden(track)) return {};
  Fit fit = track.FitOf(frame.poses[pose], options.similarity);
  fit.log_likelihood -= MinLogLikelihood(track, frame.poses[pose]);
  if (company.is_second_look) fit.log_likelihood -= kLossOfSecondLooks;
  if (!track.IsConfirmed()) fit.log_likelihood -= kAdvantageOfKnown;
  return fit;
}

/// How much speaks for somebody who is seen for the first time.
double PoseTracker::Impl::EvidenceOf(const Pose& pose, bool is_second_look) const {
  const double above_floor = std::max(pose.score - Floor(), 0.0);
  return is_second_look ? kEvidenceOfSecondLooks * above_floor : above_floor;
}

/// `track` is seen as `pose`.
void PoseTracker::Impl::CountSighting(PersonTrack& track, const Pose& pose, bool is_second_look) {
  const bool was_known = track.IsConfirmed();
  const double share = track.IsNew() ? 1.0 : std::min((last_time_s - frame_before_s) / kMistakeSeconds, 1.0);
  track.AddEvidence(share * EvidenceOf(pose, is_second_look));
  if (track.id() == 0 && track.evidence() >= EvidenceWanted()) track.Name(next_id++);
  if (!is_second_look) track.CountSighting();
  if (!was_known && track.IsConfirmed()) known_count = std::min(known_count + 1, kPeopleWhoTell);
}

/// Weak poses are mostly second looks, and fit a person as well as the right pose does: they take what that leaves.
bool PoseTracker::Impl::IsWeak(const TrackedFrame& frame, std::size_t pose) const {
  return frame.poses[pose].score < Floor();
}

/// Joins poses that have no track yet with tracks that have no pose yet, as is likeliest for all together.
void PoseTracker::Impl::Match(Round round, bool weak_ones, TrackedFrame& frame) {
  std::vector<std::size_t> rows;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!is_matched[i] && MayChoose(round, tracks[i])) rows.push_back(i);
  }
  for (std::size_t i = 0; i < frame.poses.size(); ++i) {
    if (frame.tracks[i] == human::kUnassigned && IsWeak(frame, i) == weak_ones) columns.push_back(i);
  }
  std::vector<Fit> fits;
  std::vector<double> values;
  for (const std::size_t row : rows) {
    for (const std::size_t column : columns) {
      fits.push_back(FitOf(round, tracks[row], frame, column));
      values.push_back(fits.back().is_plausible ? fits.back().log_likelihood : 0.0);
    }
  }
  const std::vector<std::size_t> assignment = human::BestAssignment(values, rows.size(), columns.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t column = assignment[row];
    if (column == human::kUnassigned) continue;
    const Fit& fit = fits[row * columns.size() + column];
    double rival = 0.0;  // How likely the likeliest other person is, compared with this one.
    for (std::size_t other = 0; other < rows.size(); ++other) {
      const Fit& other_fit = fits[other * columns.size() + column];
      if (other == row || !other_fit.is_plausible) continue;
      rival = std::max(rival, std::exp(std::min(other_fit.log_likelihood - fit.log_likelihood, 0.0)));
    }
    PersonTrack& track = tracks[rows[row]];
    const std::size_t pose = columns[column];
    const bool is_second_look = frame.company[pose].is_second_look;
    if (round == Round::kInPlace) {
      track.BeginAnew(frame.poses[pose]);
    } else if (!(WasHidden(track) && is_second_look)) {
      // Who was hidden may be seen now, or not: the number is theirs, but nothing is learnt.
      track.Correct(frame.poses[pose], fit, 1.0 + kDoubtOfMeetings * rival);
    }
    CountSighting(track, frame.poses[pose], is_second_look);
    is_matched[rows[row]] = true;
    frame.tracks[pose] = rows[row];
  }
}

/// Why somebody known is not seen now.
Absence PoseTracker::Impl::AbsenceOf(const PersonTrack& track) const {
  const human::tracking::Vector at = track.position_px();
  const bool is_inside = at.x >= seen_area_px.min_x_px && at.x <= seen_area_px.max_x_px &&
                         at.y >= seen_area_px.min_y_px && at.y <= seen_area_px.max_y_px;
  if (IsAreaKnown() && !is_inside) return Absence::kOutside;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (is_matched[i] && CoveredShare(track.BoxNow(), tracks[i].BoxNow()) > kHidingShare) return Absence::kHidden;
  }
  return Absence::kInSight;
}

/// Counts this frame for everybody who was not seen in it.
void PoseTracker::Impl::MissOthers(double frame_s) {
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!is_matched[i]) {
      tracks[i].Miss(AbsenceOf(tracks[i]), frame_s);
      continue;
    }
    if (!tracks[i].IsConfirmed()) continue;
    const human::tracking::Vector at = tracks[i].position_px();
    seen_area_px.min_x_px = std::min(seen_area_px.min_x_px, at.x);
    seen_area_px.max_x_px = std::max(seen_area_px.max_x_px, at.x);
    seen_area_px.min_y_px = std::min(seen_area_px.min_y_px, at.y);
    seen_area_px.max_y_px = std::max(seen_area_px.max_y_px, at.y);
  }
}

/// Poses that nobody known fits are somebody new.
void PoseTracker::Impl::Begin(TrackedFrame& frame) {
  int remembered = 0;  // No more than are kept, however many poses hostile maps yield.
  for (std::size_t i = 0; i < frame.poses.size(); ++i) {
    if (frame.tracks[i] != human::kUnassigned || ++remembered > options.max_tracks) continue;
    frame.tracks[i] = tracks.size();
    tracks.emplace_back(frame.poses[i], last_time_s, options.min_keypoint_score);
    CountSighting(tracks.back(), frame.poses[i], frame.company[i].is_second_look);
  }
}

/// Of each pose. Of more newcomers than can be remembered those who need no second sighting have a number, too.
std::vector<std::int64_t> PoseTracker::Impl::IdsOf(const TrackedFrame& frame) {
  std::vector<std::int64_t> ids(frame.poses.size(), 0);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (frame.tracks[i] != human::kUnassigned) {
      ids[i] = tracks[frame.tracks[i]].id();
    } else if (EvidenceOf(frame.poses[i], frame.company[i].is_second_look) >= EvidenceWanted()) {
      ids[i] = next_id++;
    }
  }
  return ids;
}

/// Keeps as many as are wanted, those seen last, and as many newcomers: these would never become known if those whom
/// they replace were remembered instead, and must not replace them while they may be mistakes.
void PoseTracker::Impl::Trim() {
  const auto limit = static_cast<std::ptrdiff_t>(options.max_tracks);
  std::stable_sort(tracks.begin(), tracks.end(), [](const PersonTrack& a, const PersonTrack& b) {
    return a.IsConfirmed() != b.IsConfirmed() ? a.IsConfirmed() : a.loss() < b.loss();
  });
  const auto newcomers =
      std::find_if(tracks.begin(), tracks.end(), [](const auto& track) { return !track.IsConfirmed(); });
  if (tracks.end() - newcomers > limit) tracks.erase(newcomers + limit, tracks.end());
  if (newcomers - tracks.begin() > limit) tracks.erase(tracks.begin() + limit, newcomers);
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
                          .company = FindCompany(poses, impl_->options.min_keypoint_score),
                          .tracks = std::vector<std::size_t>(poses.size(), human::kUnassigned)};
    impl_->Advance(time_s);
    for (const bool weak_ones : {false, true}) {
      impl_->Match(Round::kPresent, weak_ones, frame);
      impl_->Match(Round::kNamed, weak_ones, frame);
      impl_->Match(Round::kInPlace, weak_ones, frame);
      impl_->Match(Round::kOthers, weak_ones, frame);
    }
    impl_->MissOthers(std::isfinite(impl_->frame_before_s) ? time_s - impl_->frame_before_s : 0.0);
    impl_->Begin(frame);
    std::vector<std::int64_t> ids = impl_->IdsOf(frame);
    impl_->Trim();
    return ids;
  });
}

void PoseTracker::Reset() {
  impl_->tracks.clear();
  impl_->frame_before_s = impl_->last_time_s = -std::numeric_limits<double>::infinity();
  impl_->known_count = 0;
  impl_->seen_area_px = kNowhere;
}

}  // namespace posenet
