// SPDX-License-Identifier: Apache-2.0
// /openapi.json matches the server: routes, parameters and the shapes of responses.
#include <regex>
#include <set>

#include "server/human_query.h"
#include "server/router.h"
#include "server_fixture.h"

namespace posenet::server {
namespace {

// The part of `document` that a "#/..." reference refers to.
const Json& Resolve(const Json& document, const Json& node) {
  if (!node.is_object() || !node.contains("$ref")) return node;
  return document.at(Json::json_pointer(node["$ref"].get<std::string>().substr(1)));
}

// A validator for the part of JSON Schema that the document uses; anything else is an error.
class Validator {
 public:
  explicit Validator(const Json& document) : document_(document) {}

  /// The errors in `value`, one a line.
  std::vector<std::string> Check(const Json& schema, const Json& value) {
    problems_.clear();
    Visit(Resolve(document_, schema), value, "$");
    return problems_;
  }

 private:
  void Expect(bool holds, const std::string& where, const std::string& what) {
    if (!holds) problems_.push_back(where + ": " + what);
  }

  static bool HasType(const std::string& type, const Json& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    return false;
  }

  void Visit(const Json& schema, const Json& value, const std::string& where) {
    for (const auto& [keyword, rule] : schema.items()) {
      if (keyword == "type") {
        Expect(HasType(rule, value), where, "is not of type " + rule.get<std::string>());
      } else if (keyword == "enum") {
        Expect(std::ranges::find(rule, value) != rule.end(), where, "is none of the values");
      } else if (keyword == "minimum" && value.is_number()) {
        Expect(value.get<double>() >= rule.get<double>(), where, "is too small");
      } else if (keyword == "maximum" && value.is_number()) {
        Expect(value.get<double>() <= rule.get<double>(), where, "is too large");
      } else if (keyword == "minItems") {
        Expect(value.size() >= rule.get<std::size_t>(), where, "has too few items");
      } else if (keyword == "maxItems") {
        Expect(value.size() <= rule.get<std::size_t>(), where, "has too many items");
      } else if (keyword == "items") {
        for (std::size_t i = 0; i < value.size(); ++i) {
          Visit(Resolve(document_, rule), value[i], where + "[" + std::to_string(i) + "]");
        }
      } else if (keyword == "required") {
        for (const Json& name : rule) Expect(value.contains(name), where, "has no " + name.get<std::string>());
      } else if (keyword == "properties") {
        for (const auto& [name, property] : rule.items()) {
          if (value.contains(name)) Visit(Resolve(document_, property), value[name], where + "." + name);
        }
      } else if (keyword == "additionalProperties") {
        for (const auto& [name, unused] : value.items()) {
          Expect(schema["properties"].contains(name), where, "has " + name + ", which the schema lacks");
        }
      } else if (keyword == "allOf") {
        for (const Json& part : rule) Visit(Resolve(document_, part), value, where);
      } else {
        Expect(keyword == "description" || keyword == "format", where, "has the unknown keyword " + keyword);
      }
    }
  }

  const Json& document_;
  std::vector<std::string> problems_;
};

class OpenApiTest : public ServerTest {
 protected:
  void SetUp() override {
    Start({"--scene", WriteScene("kitchen")});
    document_ = Json::parse(Ask(port(), "GET", "/openapi.json").body);
  }

  // All references in `node`, recursively.
  void CollectReferences(const Json& node, std::set<std::string>& references) {
    if (node.is_object() && node.contains("$ref")) references.insert(node["$ref"].get<std::string>());
    if (!node.is_structured()) return;
    for (const Json& child : node) CollectReferences(child, references);
  }

  std::set<std::string> ParameterNames(const Json& operation) {
    std::set<std::string> names;
    for (const Json& parameter : operation.value("parameters", Json::array())) {
      const Json& resolved = Resolve(document_, parameter);
      EXPECT_EQ(resolved["in"], "query");
      names.insert(resolved["name"].get<std::string>());
    }
    return names;
  }

  const Json& SchemaOf(const std::string& name) { return document_["components"]["schemas"].at(name); }

  void ExpectValid(const std::string& schema, const std::string& text) {
    Validator validator(document_);
    EXPECT_THAT(validator.Check(SchemaOf(schema), Json::parse(text)), ::testing::IsEmpty()) << schema << ": " << text;
  }

  Json document_;
};

TEST_F(OpenApiTest, HasEveryRouteWithItsParametersAndNoOther) {
  std::set<std::string> paths;
  for (const Route& route : Routes()) {
    const std::string path(route.path);
    paths.insert(path);
    ASSERT_TRUE(document_["paths"].contains(path)) << path;
    const Json& item = document_["paths"][path];
    const std::string method = route.method == "GET" ? "get" : "post";
    ASSERT_EQ(item.size(), 1U) << path;
    ASSERT_TRUE(item.contains(method)) << path;
    // "security": [{}] means that nothing is required; the default of the document is an optional token.
    EXPECT_EQ(item[method].contains("security"), route.access == Access::kOpen) << path;
    std::set<std::string> expected;
    const auto add = [&](HumanInput input) {
      for (const std::string_view name : HumanParameterNames(input)) expected.emplace(name);
    };
    if (route.id == RouteId::kHumanPoses) add(HumanInput::kImage);
    if (route.id == RouteId::kHumanStream) add(HumanInput::kStream);
    if (route.id == RouteId::kCameraPose) expected = {"scene"};
    EXPECT_EQ(ParameterNames(item[method]), expected) << path;
  }
  for (const auto& [path, unused] : document_["paths"].items()) EXPECT_TRUE(paths.contains(path)) << path;
}

TEST_F(OpenApiTest, ResolvesAllReferencesAndNeedsAllComponents) {
  std::set<std::string> references;
  CollectReferences(document_, references);
  for (const std::string& reference : references) {
    ASSERT_TRUE(reference.starts_with("#/components/")) << reference;
    EXPECT_TRUE(document_.contains(Json::json_pointer(reference.substr(1)))) << reference;
  }
  for (const auto& [kind, components] : document_["components"].items()) {
    if (kind == "securitySchemes") continue;
    for (const auto& [name, unused] : components.items()) {
      EXPECT_TRUE(references.contains("#/components/" + kind + "/" + name)) << kind << " " << name;
    }
  }
}

TEST_F(OpenApiTest, OperationsAreComplete) {
  EXPECT_TRUE(std::regex_match(document_["openapi"].get<std::string>(), std::regex("3\\.1\\.[0-9]+")));
  EXPECT_TRUE(document_["info"].contains("title") && document_["info"].contains("version"));
  std::set<std::string> ids;
  for (const auto& [path, item] : document_["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      EXPECT_TRUE(ids.insert(operation.at("operationId").get<std::string>()).second) << path;
      EXPECT_TRUE(operation["responses"].contains("default")) << path;
      for (const auto& [status, response] : operation["responses"].items()) {
        EXPECT_TRUE(Resolve(document_, response).contains("description")) << path << " " << status;
      }
    }
  }
}

TEST_F(OpenApiTest, ResponsesMatchTheirSchemas) {
  ExpectValid("HumanResponse", Post("/v1/human/poses", jpeg_).body);
  ExpectValid("CameraResponse", Post("/v1/camera/pose?scene=kitchen", jpeg_).body);
  ExpectValid("Models", Ask(port(), "GET", "/v1/models").body);
  ExpectValid("Problem", Ask(port(), "GET", "/nothing").body);
  ExpectValid("Problem", Post("/v1/human/poses", "hello").body);
  RawClient stream(port());
  stream.Send(HandshakeText("/v1/human/stream?track"));
  EXPECT_EQ(stream.ReadReply().status, 101);
  stream.Send(RawClient::Frame(2, jpeg_));
  ExpectValid("FrameResponse", stream.ReadMessage()->payload);
  stream.Send(RawClient::Frame(2, "hello"));
  ExpectValid("FrameError", stream.ReadMessage()->payload);
}

TEST_F(OpenApiTest, TheValidatorRejectsWrongResponses) {
  Validator validator(document_);
  Json answer = Json::parse(Post("/v1/human/poses", jpeg_).body);
  ASSERT_FALSE(answer["poses"].empty());
  answer["poses"][0]["keypoints"][0]["part"] = "tail";
  answer["poses"][0]["score"] = 1.5;
  answer["more"] = 1;
  answer.erase("width");
  EXPECT_EQ(validator.Check(SchemaOf("HumanResponse"), answer).size(), 4U);
}

}  // namespace
}  // namespace posenet::server
