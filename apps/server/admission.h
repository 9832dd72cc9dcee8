// SPDX-License-Identifier: Apache-2.0
// Decides from a request's header alone whether it is served, before its body is read.
#ifndef POSENET_SERVER_ADMISSION_H_
#define POSENET_SERVER_ADMISSION_H_

#include <optional>
#include <string>
#include <vector>

#include "server/http_message.h"
#include "server/human_query.h"
#include "server/origin_policy.h"
#include "server/router.h"
#include "server/scenes.h"

namespace posenet::server {

/// A request that will be served once its body has been read.
struct AdmittedRequest {
  RouteId route = RouteId::kPage;
  bool takes_body = false;
  std::string content_type = {};
  HumanRequest human = {};                ///< Of kHumanPoses and kHumanStream.
  const Scene* scene = nullptr;           ///< Of kCameraPose.
  std::optional<Response> response = {};  ///< Set if nothing is left to compute, as for OPTIONS.
};

/// Immutable; for any number of threads.
class Admission {
 public:
  /// `token`: what clients must present, empty for none. `human_defaults`: what requests leave open. `origins` and
  /// `scenes` must outlive this.
  Admission(std::string token, const HumanRequest& human_defaults, const EstimatorTraits& estimator,
            const OriginPolicy& origins, const std::vector<Scene>& scenes);

  /// Checks path, method, token, query and the fields about the body.
  /// Errors: 400, 401, 403, 404, 405, 411, 415, 417, 426.
  [[nodiscard]] HttpResult<AdmittedRequest> Admit(const RequestHead& head) const;

 private:
  [[nodiscard]] bool IsAuthorized(const RequestHead& head) const;
  [[nodiscard]] HttpResult<AdmittedRequest> AdmitRoute(const Route& route, const RequestHead& head,
                                                       const std::vector<QueryParameter>& query) const;
  [[nodiscard]] HttpResult<const Scene*> ChooseScene(const std::vector<QueryParameter>& query) const;

  const std::string token_;
  const HumanRequest human_defaults_;
  const EstimatorTraits estimator_;
  const OriginPolicy& origins_;
  const std::vector<Scene>& scenes_;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_ADMISSION_H_
