// SPDX-License-Identifier: Apache-2.0
#include "import/pickle.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>

#include "base/error.h"
#include "import/byte_cursor.h"
#include "import/torch_values.h"

namespace posenet::importer {
namespace {

std::string HexDigits(std::uint8_t byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  return {kDigits[byte >> 4], kDigits[byte & 0xF]};
}

// A state dictionary of 1,000 tensors has 25,000 values in 300 kB.
constexpr std::size_t kMaxValues = std::size_t{1} << 20;
constexpr std::size_t kMaxPickleBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxMarks = 10'000;
constexpr std::uint8_t kMaxProtocol = 5;

enum class Opcode : std::uint8_t {
  kMark = '(',
  kEmptyTuple = ')',
  kStop = '.',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersistentId = 'Q',
  kReduce = 'R',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kEmptyList = ']',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kProtocol = 0x80,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kShortBinUnicode = 0x8c,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

class PickleMachine {
 public:
  explicit PickleMachine(std::span<const std::byte> bytes) : cursor_(bytes) {}

  Result<Pickle> Run();

 private:
  // Each executes operations of one kind.
  Result<void> Execute(Opcode opcode);
  Result<void> ExecuteOnStack(Opcode opcode);
  Result<void> PushGlobal();
  Result<void> PushStackGlobal();
  Result<void> PushLong();
  Result<void> PushFloat();
  Result<void> PushTuple(std::size_t size);
  Result<void> PushTupleToMark();
  Result<void> PushStorage();
  Result<void> Call();
  Result<void> Build();
  Result<void> Append(const std::vector<PickleIndex>& items);
  Result<void> SetItems(const std::vector<PickleIndex>& items);
  Result<void> Remember(std::uint32_t key);
  Result<void> Recall(std::uint32_t key);
  Result<void> PushText(std::uint64_t size);
  Result<void> PushCheckedGlobal(PickleGlobal global);

  Result<void> Push(PickleValue value);
  Result<PickleIndex> Pop();
  // Pops `count` values and returns them from the bottom up.
  Result<std::vector<PickleIndex>> PopMany(std::size_t count);
  // Pops all values above the last mark, and the mark.
  Result<std::vector<PickleIndex>> PopToMark();
  Result<std::string_view> TakeLine();

  // The number of values above the innermost mark.
  [[nodiscard]] std::size_t AboveMark() const { return stack_.size() - (marks_.empty() ? 0 : marks_.back()); }

  ByteCursor cursor_;
  Pickle pickle_;
  std::vector<PickleIndex> stack_;
  std::vector<std::size_t> marks_;  // As heights of the stack.
  std::unordered_map<std::uint32_t, PickleIndex> memo_;
  std::size_t copied_items_ = 0;
};

Result<void> PickleMachine::Push(PickleValue value) {
  if (pickle_.values.size() >= kMaxValues) {
    return base::Fail(ErrorCode::kResourceExhausted, "has more than ", kMaxValues, " values");
  }
  stack_.push_back(static_cast<PickleIndex>(pickle_.values.size()));
  pickle_.values.push_back(std::move(value));
  return {};
}

Result<PickleIndex> PickleMachine::Pop() {
  POSENET_ASSIGN_OR_RETURN(const std::vector<PickleIndex> popped, PopMany(1));
  return popped[0];
}

Result<std::vector<PickleIndex>> PickleMachine::PopMany(std::size_t count) {
  if (AboveMark() < count) return base::Fail(ErrorCode::kCorruptData, "pops from an empty stack");
  const std::vector<PickleIndex> popped(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
  stack_.resize(stack_.size() - count);
  return popped;
}

Result<std::vector<PickleIndex>> PickleMachine::PopToMark() {
  if (marks_.empty()) return base::Fail(ErrorCode::kCorruptData, "pops to a mark that does not exist");
  auto popped = PopMany(AboveMark());
  marks_.pop_back();
  return popped;
}

Result<std::string_view> PickleMachine::TakeLine() {
  constexpr std::size_t kMaxLineBytes = 256;
  const ByteCursor start = cursor_;
  for (std::size_t size = 0; size < kMaxLineBytes; ++size) {
    POSENET_ASSIGN_OR_RETURN(const auto byte, cursor_.TakeNumber<std::uint8_t>());
    if (byte == '\n') return ByteCursor(start).TakeText(size);
  }
  return base::Fail(ErrorCode::kCorruptData, "has a name of more than ", kMaxLineBytes, " bytes");
}

Result<void> PickleMachine::PushCheckedGlobal(PickleGlobal global) {
  POSENET_RETURN_IF_ERROR(CheckGlobal(global));
  return Push(global);
}

Result<void> PickleMachine::PushGlobal() {
  POSENET_ASSIGN_OR_RETURN(const std::string_view module, TakeLine());
  POSENET_ASSIGN_OR_RETURN(const std::string_view name, TakeLine());
  return PushCheckedGlobal({module, name});
}

Result<void> PickleMachine::PushStackGlobal() {
  POSENET_ASSIGN_OR_RETURN(const std::vector<PickleIndex> names, PopMany(2));
  const auto* module = pickle_.As<std::string_view>(names[0]);
  const auto* name = pickle_.As<std::string_view>(names[1]);
  if (module == nullptr || name == nullptr)
    return base::Fail(ErrorCode::kCorruptData, "has a global whose name is not a string");
  return PushCheckedGlobal({*module, *name});
}

// Two's complement of any length.
Result<void> PickleMachine::PushLong() {
  POSENET_ASSIGN_OR_RETURN(const auto size, cursor_.TakeNumber<std::uint8_t>());
  POSENET_ASSIGN_OR_RETURN(const auto bytes, cursor_.Take(size));
  if (size > sizeof(std::int64_t)) return base::Fail(ErrorCode::kUnsupported, "has an integer of more than 64 bits");
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  const bool is_negative = size > 0 && (bytes.back() & std::byte{0x80}) != std::byte{0};
  if (is_negative && size < sizeof(number)) number |= ~std::uint64_t{0} << (8 * size);
  return Push(static_cast<std::int64_t>(number));
}

// The only big-endian number.
Result<void> PickleMachine::PushFloat() {
  POSENET_ASSIGN_OR_RETURN(const auto bytes, cursor_.Take(sizeof(double)));
  std::uint64_t number = 0;
  for (const std::byte byte : bytes) number = number << 8 | std::to_integer<std::uint64_t>(byte);
  return Push(std::bit_cast<double>(number));
}

Result<void> PickleMachine::PushText(std::uint64_t size) {
  POSENET_ASSIGN_OR_RETURN(const std::string_view text, cursor_.TakeText(size));
  return Push(text);
}

Result<void> PickleMachine::PushTuple(std::size_t size) {
  POSENET_ASSIGN_OR_RETURN(std::vector<PickleIndex> items, PopMany(size));
  return Push(PickleTuple{std::move(items)});
}

Result<void> PickleMachine::PushTupleToMark() {
  POSENET_ASSIGN_OR_RETURN(std::vector<PickleIndex> items, PopToMark());
  return Push(PickleTuple{std::move(items)});
}

Result<void> PickleMachine::PushStorage() {
  POSENET_ASSIGN_OR_RETURN(const PickleIndex id, Pop());
  POSENET_ASSIGN_OR_RETURN(const PickleStorage storage, StorageOfId(pickle_, id));
  return Push(storage);
}

Result<void> PickleMachine::Call() {
  POSENET_ASSIGN_OR_RETURN(const std::vector<PickleIndex> call, PopMany(2));
  POSENET_ASSIGN_OR_RETURN(PickleValue value, CallGlobal(pickle_, call[0], call[1]));
  // A small pickle may convert one long list to a dictionary many times.
  if (const auto* dict = std::get_if<PickleDict>(&value)) copied_items_ += dict->items.size();
  if (copied_items_ > kMaxValues) {
    return base::Fail(ErrorCode::kResourceExhausted, "has dictionaries of more than ", kMaxValues, " values");
  }
  return Push(std::move(value));
}

// Sets attributes of an object; those of dictionaries (versions of modules) do not matter for tensors.
Result<void> PickleMachine::Build() {
  POSENET_ASSIGN_OR_RETURN(const std::vector<PickleIndex> values, PopMany(2));
  if (pickle_.As<PickleDict>(values[0]) == nullptr) {
    return base::Fail(ErrorCode::kUnsupported, "has an object with attributes; only tensors are supported");
  }
  stack_.push_back(values[0]);
  return {};
}

Result<void> PickleMachine::Append(const std::vector<PickleIndex>& items) {
  POSENET_ASSIGN_OR_RETURN(const PickleIndex target, Pop());
  auto* list = std::get_if<PickleList>(&pickle_.values[target]);
  if (list == nullptr) return base::Fail(ErrorCode::kCorruptData, "appends to a value that is not a list");
  list->items.insert(list->items.end(), items.begin(), items.end());
  stack_.push_back(target);
  return {};
}

Result<void> PickleMachine::SetItems(const std::vector<PickleIndex>& items) {
  POSENET_ASSIGN_OR_RETURN(const PickleIndex target, Pop());
  auto* dict = std::get_if<PickleDict>(&pickle_.values[target]);
  if (dict == nullptr) return base::Fail(ErrorCode::kCorruptData, "sets items of a value that is not a dictionary");
  if (items.size() % 2 != 0) return base::Fail(ErrorCode::kCorruptData, "sets a key without a value");
  for (std::size_t i = 0; i < items.size(); i += 2) dict->items.emplace_back(items[i], items[i + 1]);
  stack_.push_back(target);
  return {};
}

Result<void> PickleMachine::Remember(std::uint32_t key) {
  if (AboveMark() == 0) return base::Fail(ErrorCode::kCorruptData, "memoizes the top of an empty stack");
  memo_[key] = stack_.back();
  if (memo_.size() > kMaxValues) {
    return base::Fail(ErrorCode::kResourceExhausted, "memoizes more than ", kMaxValues, " values");
  }
  return {};
}

Result<void> PickleMachine::Recall(std::uint32_t key) {
  const auto found = memo_.find(key);
  if (found == memo_.end())
    return base::Fail(ErrorCode::kCorruptData, "reads memo entry ", key, ", which does not exist");
  stack_.push_back(found->second);
  return {};
}

// Operations without arguments.
Result<void> PickleMachine::ExecuteOnStack(Opcode opcode) {
  switch (opcode) {
    case Opcode::kMark:
      if (marks_.size() >= kMaxMarks) return base::Fail(ErrorCode::kResourceExhausted, "is nested too deeply");
      marks_.push_back(stack_.size());
      return {};
    case Opcode::kNone:
      return Push(PickleNone());
    case Opcode::kNewTrue:
    case Opcode::kNewFalse:
      return Push(opcode == Opcode::kNewTrue);
    case Opcode::kEmptyDict:
      return Push(PickleDict());
    case Opcode::kEmptyList:
      return Push(PickleList());
    case Opcode::kEmptyTuple:
      return PushTuple(0);
    case Opcode::kTuple1:
    case Opcode::kTuple2:
    case Opcode::kTuple3:
      return PushTuple(std::size_t{1} + static_cast<std::size_t>(opcode) - static_cast<std::size_t>(Opcode::kTuple1));
    case Opcode::kTuple:
      return PushTupleToMark();
    case Opcode::kStackGlobal:
      return PushStackGlobal();
    case Opcode::kBinPersistentId:
      return PushStorage();
    case Opcode::kReduce:
      return Call();
    case Opcode::kBuild:
      return Build();
    case Opcode::kMemoize:
      return Remember(static_cast<std::uint32_t>(memo_.size()));
    case Opcode::kAppend:
    case Opcode::kAppends: {
      POSENET_ASSIGN_OR_RETURN(const auto items, opcode == Opcode::kAppend ? PopMany(1) : PopToMark());
      return Append(items);
    }
    case Opcode::kSetItem:
    case Opcode::kSetItems: {
      POSENET_ASSIGN_OR_RETURN(const auto items, opcode == Opcode::kSetItem ? PopMany(2) : PopToMark());
      return SetItems(items);
    }
    default:
      return base::Fail(ErrorCode::kUnsupported, "operation 0x", HexDigits(static_cast<std::uint8_t>(opcode)),
                        " of the pickle: only tensors are supported");
  }
}

// Operations with an argument; others are passed on.
Result<void> PickleMachine::Execute(Opcode opcode) {
  switch (opcode) {
    case Opcode::kProtocol: {
      POSENET_ASSIGN_OR_RETURN(const auto version, cursor_.TakeNumber<std::uint8_t>());
      if (version <= kMaxProtocol) return {};
      return base::Fail(ErrorCode::kUnsupported, "protocol ", int{version}, " of pickles");
    }
    case Opcode::kFrame: {
      POSENET_RETURN_IF_ERROR(cursor_.TakeNumber<std::uint64_t>());
      return {};
    }
    case Opcode::kBinInt1:
    case Opcode::kShortBinUnicode:
    case Opcode::kShortBinString:
    case Opcode::kBinPut:
    case Opcode::kBinGet: {
      POSENET_ASSIGN_OR_RETURN(const auto number, cursor_.TakeNumber<std::uint8_t>());
      if (opcode == Opcode::kBinInt1) return Push(std::int64_t{number});
      if (opcode == Opcode::kBinPut) return Remember(number);
      return opcode == Opcode::kBinGet ? Recall(number) : PushText(number);
    }
    case Opcode::kBinInt2: {
      POSENET_ASSIGN_OR_RETURN(const auto number, cursor_.TakeNumber<std::uint16_t>());
      return Push(std::int64_t{number});
    }
    case Opcode::kBinInt:
    case Opcode::kBinUnicode:
    case Opcode::kBinString:
    case Opcode::kLongBinPut:
    case Opcode::kLongBinGet: {
      POSENET_ASSIGN_OR_RETURN(const auto number, cursor_.TakeNumber<std::uint32_t>());
      if (opcode == Opcode::kBinInt) return Push(std::int64_t{static_cast<std::int32_t>(number)});
      if (opcode == Opcode::kLongBinPut) return Remember(number);
      return opcode == Opcode::kLongBinGet ? Recall(number) : PushText(number);
    }
    case Opcode::kLong1:
      return PushLong();
    case Opcode::kBinFloat:
      return PushFloat();
    case Opcode::kGlobal:
      return PushGlobal();
    default:
      return ExecuteOnStack(opcode);
  }
}

Result<Pickle> PickleMachine::Run() {
  for (;;) {
    POSENET_ASSIGN_OR_RETURN(const auto byte, cursor_.TakeNumber<std::uint8_t>());
    const auto opcode = static_cast<Opcode>(byte);
    if (opcode == Opcode::kStop) break;
    POSENET_RETURN_IF_ERROR(Execute(opcode));
  }
  POSENET_ASSIGN_OR_RETURN(pickle_.root, Pop());
  pickle_.byte_count = cursor_.position();
  return std::move(pickle_);
}

}  // namespace

Result<Pickle> ReadPickle(std::span<const std::byte> bytes) {
  const bool is_long = bytes.size() > kMaxPickleBytes;
  auto pickle = PickleMachine(bytes.first(std::min(bytes.size(), kMaxPickleBytes))).Run();
  if (!pickle && is_long && pickle.error().code == ErrorCode::kCorruptData) {
    return base::Fail(ErrorCode::kResourceExhausted, "is damaged, or larger than ", kMaxPickleBytes, " bytes");
  }
  return pickle;
}

}  // namespace posenet::importer
