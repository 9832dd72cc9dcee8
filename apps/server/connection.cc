// SPDX-License-Identifier: Apache-2.0
#include "server/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <ctime>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/strings.h"
#include "server/asio_types.h"
#include "server/problem.h"
#include "server/stream_session.h"

namespace posenet::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;

// Browsers send one to two KiB, plus the cookies of other programs on the same host.
constexpr std::uint32_t kMaxHeaderBytes = 16 * 1024;
// The header and whatever of the body or of a pipelined request arrives with it.
constexpr std::size_t kMaxBufferBytes = kMaxHeaderBytes + 64 * 1024;
// Closing a socket with unread bytes resets the connection before the client can read the response, so for this long
// what it still sends is read and discarded.
constexpr auto kLingerTime = std::chrono::seconds(2);

std::string_view ViewOf(beast::string_view text) { return {text.data(), text.size()}; }

// RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm parts = {};
  ::gmtime_r(&now, &parts);
  std::array<char, 40> text = {};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

template <typename Message>
RequestHead HeadOf(const Message& message, bool has_length) {
  const auto field = [&](http::field name) { return std::string(ViewOf(message[name])); };
  return {.method = std::string(ViewOf(message.method_string())),
          .target = std::string(ViewOf(message.target())),
          .host = field(http::field::host),
          .origin = field(http::field::origin),
          .authorization = field(http::field::authorization),
          .content_type = field(http::field::content_type),
          .content_encoding = field(http::field::content_encoding),
          .transfer_encoding = field(http::field::transfer_encoding),
          .expect = field(http::field::expect),
          .websocket_protocols = field(http::field::sec_websocket_protocol),
          .has_length = has_length,
          .is_upgrade = beast::websocket::is_upgrade(message)};
}

// Why a request could not be parsed.
HttpError ParserError(const AsioError& error, std::size_t max_body_bytes) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return {.status = 431, .detail = base::StrCat("the header is longer than ", kMaxHeaderBytes, " bytes")};
  }
  if (error == http::error::body_limit) {
    return {.status = 413, .detail = base::StrCat("the body is longer than ", max_body_bytes, " bytes")};
  }
  return {.status = 400, .detail = base::StrCat("not HTTP/1.1: ", error.message())};
}

class Connection : public Session, public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::ip::tcp::socket socket, ServerContext& context)
      : stream_(std::move(socket)),
        executor_(stream_.get_executor()),
        buffer_(kMaxBufferBytes),
        context_(context),
        share_(context.bodies) {
    AsioError ignored;
    const auto endpoint = stream_.socket().remote_endpoint(ignored);
    if (!ignored) client_ = endpoint.address().to_string(ignored);
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  }
  ~Connection() override { context_.sessions.Remove(this); }

  void Start() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->NextRequest(); });
  }

  void Refuse() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
      self->closes_ = self->has_unread_body_ = true;
      self->parser_.emplace();
      self->Fail({.status = 503, .detail = "too many connections are open; retry in 1 second"});
    });
  }

  void RequestStop() override {
    asio::post(executor_, [self = shared_from_this()] {
      self->is_stopping_ = true;
      // Not closed: the first bytes of a request may have arrived already and be on their way to OnFirstBytes.
      if (self->is_idle_) self->stream_.cancel();
    });
  }

 private:
  // A member function as a handler that keeps the connection alive.
  template <typename... Arguments>
  auto Then(void (Connection::*method)(Arguments...)) {
    return [self = shared_from_this(), method](Arguments... arguments) { (self.get()->*method)(arguments...); };
  }

  void NextRequest() {
    if (is_stopping_ && buffer_.size() == 0 && !HasBytesToRead()) return Close();
    parser_.emplace();
    parser_->header_limit(kMaxHeaderBytes);
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // Until the request is admitted.
    parser_->eager(false);
    head_ = {};
    request_ = {};
    share_ = BudgetShare(context_.bodies);
    has_unread_body_ = false;
    if (buffer_.size() > 0) return ReadHeader();  // Pipelined.
    constexpr std::size_t kFirstReadBytes = 4096;
    is_idle_ = true;
    stream_.expires_after(context_.timeouts.idle);
    stream_.async_read_some(buffer_.prepare(kFirstReadBytes), Then(&Connection::OnFirstBytes));
  }

  void OnFirstBytes(AsioError error, std::size_t byte_count) {
    is_idle_ = false;
    // When stopping, a request that arrived before and is still unread is served.
    const bool has_request = error == asio::error::operation_aborted && is_stopping_ && HasBytesToRead();
    if (error && !has_request) return Close();
    buffer_.commit(byte_count);
    ReadHeader();
  }

  [[nodiscard]] bool HasBytesToRead() {
    AsioError error;
    return stream_.socket().available(error) > 0 && !error;
  }

  void ReadHeader() {
    start_ = Clock::now();
    stream_.expires_after(context_.timeouts.read);
    http::async_read_header(stream_, buffer_, *parser_, Then(&Connection::OnHeader));
  }

  void OnHeader(AsioError error, std::size_t /*byte_count*/) {
    const auto& message = parser_->get();
    // Also logged if the rest cannot be parsed.
    head_.method = std::string(ViewOf(message.method_string()));
    head_.target = std::string(ViewOf(message.target()));
    if (error) return OnReadError(error);
    head_ = HeadOf(message, parser_->content_length().has_value() || parser_->chunked());
    has_unread_body_ = !parser_->is_done();
    const auto hosts = message.equal_range(http::field::host);
    const auto host_count = std::distance(hosts.first, hosts.second);
    if (host_count > 1 || (message.version() >= 11 && host_count == 0)) {
      return Fail({.status = 400, .detail = "expected exactly one Host field"});
    }
    auto request = context_.admission.Admit(head_);
    if (!request.has_value()) return Fail(request.error());
    request_ = *std::move(request);
    if (request_.response) return Respond(*std::move(request_.response));
    if (request_.route == RouteId::kHumanStream) return Upgrade();
    if (!request_.takes_body) return Finish(context_.info.Respond(request_.route));
    const std::uint64_t max_bytes = context_.limits.max_body_bytes;
    if (parser_->content_length().value_or(0) > max_bytes) return OnReadError(http::error::body_limit);
    parser_->body_limit(max_bytes);
    if (head_.expect.empty() || parser_->is_done()) return ReadBody();
    SendContinue();
  }

  void SendContinue() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(kContinue), Then(&Connection::OnContinueSent));
  }
  void OnContinueSent(AsioError error, std::size_t /*byte_count*/) {
    if (error) return OnReadError(error);
    ReadBody();
  }

  // Piece by piece, so that the budget is charged for what has arrived, not for what the client announces.
  void ReadBody() {
    if (parser_->is_done()) {
      has_unread_body_ = false;
      return Compute();
    }
    http::async_read_some(stream_, buffer_, *parser_, Then(&Connection::OnBody));
  }

  void OnBody(AsioError error, std::size_t /*byte_count*/) {
    if (error) return OnReadError(error);
    if (!share_.GrowTo(parser_->get().body().size())) {
      context_.metrics.CountRejection(Rejection::kMemory);
      return Fail({.status = 503, .detail = "too much image data is queued; retry in 1 second"});
    }
    ReadBody();
  }

  void OnReadError(const AsioError& error) {
    if (error == beast::error::timeout) {
      context_.metrics.CountTimeout(Timeout::kRead);
      Record({.status = 408});
      return Close();
    }
    const bool is_malformed = error.category() == http::make_error_code(http::error::body_limit).category() &&
                              error != http::error::end_of_stream && error != http::error::partial_message;
    if (!is_malformed) return Close();
    has_unread_body_ = true;
    Fail(ParserError(error, context_.limits.max_body_bytes));
  }

  void Compute() {
    stream_.expires_never();
    const std::size_t body_bytes = parser_->get().body().size();
    bytes_in_ = body_bytes;
    context_.poses.Process(request_, std::move(parser_->get().body()), std::move(share_),
                           [self = shared_from_this()](HttpResult<Response> result) { self->Post(std::move(result)); });
  }

  // From a worker, or from here.
  void Post(HttpResult<Response> result) {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this(), result = std::move(result)]() mutable {
      self->Finish(std::move(result));
    });
  }

  void Finish(HttpResult<Response> result) {
    if (!result.has_value()) return Fail(result.error());
    Respond(*std::move(result));
  }

  void Fail(const HttpError& error) { Respond(ProblemResponse(error)); }

  void Respond(Response response) {
    context_.origins.AddHeaders(head_, response);
    Record(response);
    // The rest of an unread body could not be distinguished from the next request.
    closes_ = closes_ || is_stopping_ || has_unread_body_ || !parser_->is_header_done() || !parser_->keep_alive();
    out_ = {static_cast<http::status>(response.status), 11};
    out_.reason(beast::string_view(ReasonPhrase(response.status).data(), ReasonPhrase(response.status).size()));
    out_.set(http::field::server, "posenet");
    out_.set(http::field::date, HttpDate());
    if (!response.content_type.empty()) out_.set(http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) out_.set(name, value);
    out_.keep_alive(!closes_);
    if (response.status != 204) out_.content_length(response.body.size());
    if (head_.method != "HEAD") out_.body() = std::move(response.body);
    stream_.expires_after(context_.timeouts.write);
    http::async_write(stream_, out_, Then(&Connection::OnWritten));
  }

  void OnWritten(AsioError error, std::size_t /*byte_count*/) {
    out_ = {};
    if (error == beast::error::timeout) context_.metrics.CountTimeout(Timeout::kWrite);
    if (error) return Close();
    if (!closes_) return NextRequest();
    if (!has_unread_body_) return Close();
    AsioError ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLingerTime);
    buffer_.consume(buffer_.size());
    Linger({}, 0);
  }

  void Linger(AsioError error, std::size_t /*byte_count*/) {
    if (error) return Close();
    constexpr std::size_t kDroppedBytes = 64 * 1024;
    stream_.async_read_some(buffer_.prepare(kDroppedBytes), Then(&Connection::Linger));
  }

  void Upgrade() {
    if (buffer_.size() > 0)
      return Fail({.status = 400, .detail = "expected no frames before the handshake is complete"});
    Record({.status = 101});
    StartStream(std::move(stream_), parser_->release(), request_.human, client_, context_);
  }

  void Record(const Response& response) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    const std::string path = head_.target.substr(0, head_.target.find('?'));
    const Route* route = FindRoute(path);
    context_.metrics.CountRequest(route == nullptr ? "other" : route->path, response.status, seconds);
    if (response.status == 503 && head_.method.empty()) context_.metrics.CountRejection(Rejection::kConnections);
    context_.log.Write(RequestLine({.client = client_,
                                    .method = head_.method,
                                    .path = path,
                                    .status = response.status,
                                    .bytes_in = std::exchange(bytes_in_, 0),
                                    .bytes_out = response.body.size(),
                                    .milliseconds = 1000.0 * seconds,
                                    .stats = response.stats}));
  }

  void Close() {
    AsioError ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

  beast::tcp_stream stream_;
  const beast::tcp_stream::executor_type executor_;  // Valid even after stream_ has moved to a StreamSession.
  beast::flat_buffer buffer_;
  ServerContext& context_;
  std::string client_;
  std::optional<http::request_parser<http::string_body>> parser_;
  RequestHead head_;
  AdmittedRequest request_;
  BudgetShare share_;
  http::response<http::string_body> out_;
  Clock::time_point start_ = Clock::now();
  std::size_t bytes_in_ = 0;
  bool is_idle_ = false;
  bool is_stopping_ = false;      // Closes after the requests that have arrived.
  bool closes_ = false;           // After the current response.
  bool has_unread_body_ = false;  // Or anything else that will not be read.
};

}  // namespace

void StartConnection(asio::ip::tcp::socket socket, ServerContext& context) {
  const auto connection = std::make_shared<Connection>(std::move(socket), context);
  context.sessions.Add(connection);
  connection->Start();
}

void RefuseConnection(asio::ip::tcp::socket socket, ServerContext& context) {
  const auto connection = std::make_shared<Connection>(std::move(socket), context);
  context.sessions.Add(connection);
  connection->Refuse();
}

}  // namespace posenet::server
