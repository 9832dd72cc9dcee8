// SPDX-License-Identifier: Apache-2.0
#include "track/scores.h"

#include <cstddef>
#include <map>
#include <utility>

#include "human/assignment.h"

namespace posenet::bench {
namespace {

/// Assigns consecutive indices to keys, in the order of first use.
template <typename Key>
class Index {
 public:
  std::size_t Of(Key key) { return indices_.emplace(key, indices_.size()).first->second; }
  [[nodiscard]] std::size_t size() const { return indices_.size(); }

 private:
  std::map<Key, std::size_t> indices_;
};

}  // namespace

IdentityScores ScoreIdentities(std::span<const LabeledFrame> frames) {
  Index<int> people;
  Index<std::int64_t> ids;
  std::map<std::pair<std::size_t, std::size_t>, double>
      together;  // The number of frames of each pair of person and ID.
  std::map<int, std::int64_t> last_id;
  IdentityScores scores;
  double detections = 0.0;
  double right = 0.0;
  double present = 0.0;
  for (const LabeledFrame& frame : frames) {
    present += frame.present;
    for (const LabeledDetection& detection : frame.detections) {
      if (detection.person >= 0) right += 1.0;
      if (detection.id == 0) continue;
      detections += 1.0;
      const std::size_t id = ids.Of(detection.id);
      if (detection.person < 0) continue;
      together[{people.Of(detection.person), id}] += 1.0;
      const auto [last, is_new] = last_id.emplace(detection.person, detection.id);
      if (!is_new && last->second != detection.id) ++scores.switches;
      last->second = detection.id;
    }
  }
  if (detections + present == 0.0) return scores;
  std::vector<double> values(people.size() * ids.size(), 0.0);
  for (const auto& [pair, count] : together) values[pair.first * ids.size() + pair.second] = count;
  const std::vector<std::size_t> assignment = human::BestAssignment(values, people.size(), ids.size());
  double true_positives = 0.0;
  for (std::size_t person = 0; person < assignment.size(); ++person) {
    if (assignment[person] != human::kUnassigned) true_positives += values[person * ids.size() + assignment[person]];
  }
  // IDFP = detections - IDTP, IDFN = present - IDTP.
  scores.idf1 = 2.0 * true_positives / (detections + present);
  scores.max_idf1 = 2.0 * right / (right + present);
  return scores;
}

}  // namespace posenet::bench
