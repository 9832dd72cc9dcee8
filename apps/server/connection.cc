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
#include "server/problem.h"
#include "server/stream_session.h"

namespace posenet::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;
using ErrorOfSystem = boost::system::error_code;

// Browsers send one to two KiB; cookies of other programs on the same host may be added.
constexpr std::uint32_t kMaxHeaderBytes = 16 * 1024;
// The header, and what of the body or of a next request came with it.
constexpr std::size_t kMaxBufferBytes = kMaxHeaderBytes + 64 * 1024;
// Closing a socket with unread bytes tells the client "connection reset" before it could read why; so what it still
// sends is read and dropped for so long.
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

// What a request that cannot be parsed is answered.
Response ProblemOfParser(const ErrorOfSystem& error, std::size_t max_body_bytes) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return Problem(431, base::StrCat("the request's header is longer than ", kMaxHeaderBytes, " bytes"));
  }
  if (error == http::error::body_limit)
    return Problem(413, base::StrCat("at most ", max_body_bytes, " bytes are read"));
  return Problem(400, base::StrCat("this is not HTTP/1.1: ", error.message()));
}

class Connection : public Session, public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::ip::tcp::socket socket, Site& site)
      : stream_(std::move(socket)),
        executor_(stream_.get_executor()),
        buffer_(kMaxBufferBytes),
        site_(site),
        share_(site.bodies) {
    ErrorOfSystem ignored;
    const auto endpoint = stream_.socket().remote_endpoint(ignored);
    if (!ignored) client_ = endpoint.address().to_string(ignored);
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  }
  ~Connection() override { site_.sessions.Remove(this); }

  void Start() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->NextRequest(); });
  }

  void Refuse() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
      self->closes_ = self->has_unread_body_ = true;
      self->parser_.emplace();
      self->Respond(Problem(503, "as many connections are open as may; come again in a second"));
    });
  }

  void RequestStop() override {
    asio::post(executor_, [self = shared_from_this()] {
      self->is_stopping_ = true;
      // Not closed: the first bytes of a request may have come already, and be on their way to OnFirstBytes.
      if (self->is_idle_) self->stream_.cancel();
    });
  }

 private:
  // A member function as a handler that keeps the connection.
  template <typename... Arguments>
  auto Then(void (Connection::*method)(Arguments...)) {
    return [self = shared_from_this(), method](Arguments... arguments) { (self.get()->*method)(arguments...); };
  }

  void NextRequest() {
    if (is_stopping_ && buffer_.size() == 0 && !HasBytesToRead()) return Close();
    parser_.emplace();
    parser_->header_limit(kMaxHeaderBytes);
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // Until it is known what may have one.
    parser_->eager(false);
    head_ = {};
    admission_ = {};
    share_ = BudgetShare(site_.bodies);
    has_unread_body_ = false;
    if (buffer_.size() > 0) return ReadHeader();  // Sent ahead.
    constexpr std::size_t kFirstReadBytes = 4096;
    is_idle_ = true;
    stream_.expires_after(site_.timeouts.idle);
    stream_.async_read_some(buffer_.prepare(kFirstReadBytes), Then(&Connection::OnFirstBytes));
  }

  void OnFirstBytes(ErrorOfSystem error, std::size_t byte_count) {
    is_idle_ = false;
    // Asked to stop: a request that came before, and nobody has read, is taken still.
    const bool has_request = error == asio::error::operation_aborted && is_stopping_ && HasBytesToRead();
    if (error && !has_request) return Close();
    buffer_.commit(byte_count);
    ReadHeader();
  }

  [[nodiscard]] bool HasBytesToRead() {
    ErrorOfSystem error;
    return stream_.socket().available(error) > 0 && !error;
  }

  void ReadHeader() {
    start_ = Clock::now();
    stream_.expires_after(site_.timeouts.read);
    http::async_read_header(stream_, buffer_, *parser_, Then(&Connection::OnHeader));
  }

  void OnHeader(ErrorOfSystem error, std::size_t /*byte_count*/) {
    const auto& message = parser_->get();
    // For the log, also of requests that cannot be parsed further.
    head_.method = std::string(ViewOf(message.method_string()));
    head_.target = std::string(ViewOf(message.target()));
    if (error) return OnReadError(error);
    head_ = HeadOf(message, parser_->content_length().has_value() || parser_->chunked());
    has_unread_body_ = !parser_->is_done();
    const auto hosts = message.equal_range(http::field::host);
    const auto host_count = std::distance(hosts.first, hosts.second);
    if (host_count > 1 || (message.version() >= 11 && host_count == 0)) {
      return Respond(Problem(400, "expected exactly one Host field"));
    }
    auto admission = site_.service.Admit(head_);
    if (!admission.has_value()) return Respond(std::move(admission.error()));
    admission_ = *std::move(admission);
    if (admission_.route == RouteId::kHumanStream) return Upgrade();
    if (!admission_.takes_body) return Compute();
    const std::uint64_t max_bytes = site_.service.options().max_body_bytes;
    if (parser_->content_length().value_or(0) > max_bytes) return OnReadError(http::error::body_limit);
    parser_->body_limit(max_bytes);
    if (head_.expect.empty() || parser_->is_done()) return ReadBody();
    SendContinue();
  }

  void SendContinue() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(kContinue), Then(&Connection::OnContinueSent));
  }
  void OnContinueSent(ErrorOfSystem error, std::size_t /*byte_count*/) {
    if (error) return OnReadError(error);
    ReadBody();
  }

  // Piece by piece, so that the budget is charged for what has come, not for what a client says will come.
  void ReadBody() {
    if (parser_->is_done()) {
      has_unread_body_ = false;
      return Compute();
    }
    http::async_read_some(stream_, buffer_, *parser_, Then(&Connection::OnBody));
  }

  void OnBody(ErrorOfSystem error, std::size_t /*byte_count*/) {
    if (error) return OnReadError(error);
    if (!share_.GrowTo(parser_->get().body().size())) {
      site_.metrics.CountRejection(Rejection::kMemory);
      return Respond(Problem(503, "as many bytes of images wait as may; come again in a second"));
    }
    ReadBody();
  }

  void OnReadError(const ErrorOfSystem& error) {
    if (error == beast::error::timeout) {
      site_.metrics.CountTimeout(Timeout::kRead);
      Record(Problem(408, ""));
      return Close();
    }
    const bool is_malformed = error.category() == http::make_error_code(http::error::body_limit).category() &&
                              error != http::error::end_of_stream && error != http::error::partial_message;
    if (!is_malformed) return Close();
    has_unread_body_ = true;
    Respond(ProblemOfParser(error, site_.service.options().max_body_bytes));
  }

  void Compute() {
    stream_.expires_never();
    const std::size_t body_bytes = parser_->get().body().size();
    bytes_in_ = body_bytes;
    site_.service.Answer(admission_, std::move(parser_->get().body()), std::move(share_),
                         [self = shared_from_this()](Response response) { self->Post(std::move(response)); });
  }

  // From a worker, or from here.
  void Post(Response response) {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this(), response = std::move(response)]() mutable {
      self->Respond(std::move(response));
    });
  }

  void Respond(Response response) {
    site_.service.Complete(head_, response);
    Record(response);
    // What is left of a body cannot be told from the next request.
    closes_ = closes_ || is_stopping_ || has_unread_body_ || !parser_->is_header_done() || !parser_->keep_alive();
    out_ = {static_cast<http::status>(response.status), 11};
    out_.reason(beast::string_view(ReasonOf(response.status).data(), ReasonOf(response.status).size()));
    out_.set(http::field::server, "posenet");
    out_.set(http::field::date, HttpDate());
    if (!response.content_type.empty()) out_.set(http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) out_.set(name, value);
    out_.keep_alive(!closes_);
    if (response.status != 204) out_.content_length(response.body.size());
    if (head_.method != "HEAD") out_.body() = std::move(response.body);
    stream_.expires_after(site_.timeouts.write);
    http::async_write(stream_, out_, Then(&Connection::OnWritten));
  }

  void OnWritten(ErrorOfSystem error, std::size_t /*byte_count*/) {
    out_ = {};
    if (error == beast::error::timeout) site_.metrics.CountTimeout(Timeout::kWrite);
    if (error) return Close();
    if (!closes_) return NextRequest();
    if (!has_unread_body_) return Close();
    ErrorOfSystem ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLingerTime);
    buffer_.consume(buffer_.size());
    Linger({}, 0);
  }

  void Linger(ErrorOfSystem error, std::size_t /*byte_count*/) {
    if (error) return Close();
    constexpr std::size_t kDroppedBytes = 64 * 1024;
    stream_.async_read_some(buffer_.prepare(kDroppedBytes), Then(&Connection::Linger));
  }

  void Upgrade() {
    if (buffer_.size() > 0) return Respond(Problem(400, "expected no frames before the handshake is answered"));
    Record({.status = 101});
    StartStream(std::move(stream_), parser_->release(), admission_, client_, site_);
  }

  void Record(const Response& response) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    const std::string path = head_.target.substr(0, head_.target.find('?'));
    const Route* route = FindRoute(path);
    site_.metrics.CountRequest(route == nullptr ? "other" : route->path, response.status, seconds);
    if (response.status == 503 && head_.method.empty()) site_.metrics.CountRejection(Rejection::kConnections);
    site_.log.Write(RequestLine({.client = client_,
                                 .method = head_.method,
                                 .path = path,
                                 .status = response.status,
                                 .bytes_in = std::exchange(bytes_in_, 0),
                                 .bytes_out = response.body.size(),
                                 .milliseconds = 1000.0 * seconds,
                                 .work = response.work}));
  }

  void Close() {
    ErrorOfSystem ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

  beast::tcp_stream stream_;
  const beast::tcp_stream::executor_type executor_;  // Also of a stream that has gone to a StreamSession.
  beast::flat_buffer buffer_;
  Site& site_;
  std::string client_;
  std::optional<http::request_parser<http::string_body>> parser_;
  RequestHead head_;
  Admission admission_;
  BudgetShare share_;
  http::response<http::string_body> out_;
  Clock::time_point start_ = Clock::now();
  std::size_t bytes_in_ = 0;
  bool is_idle_ = false;
  bool is_stopping_ = false;      // The next response is the last, once there is no request that came before.
  bool closes_ = false;           // After the response that is being made.
  bool has_unread_body_ = false;  // Or more that nobody will read.
};

}  // namespace

void StartConnection(asio::ip::tcp::socket socket, Site& site) {
  const auto connection = std::make_shared<Connection>(std::move(socket), site);
  site.sessions.Add(connection);
  connection->Start();
}

void RefuseConnection(asio::ip::tcp::socket socket, Site& site) {
  const auto connection = std::make_shared<Connection>(std::move(socket), site);
  site.sessions.Add(connection);
  connection->Refuse();
}

}  // namespace posenet::server
