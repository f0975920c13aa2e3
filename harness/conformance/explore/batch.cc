// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/batch.h"

#include <fcntl.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "conformance/explore/judge.h"
#include "conformance/explore/machine.h"
#include "conformance/quirks.h"

namespace conformance {
namespace {

constexpr int kLongest = 160;           // steps of a sequence; half of it on the average
constexpr std::uint64_t kBatch = 1000;  // steps of a case
constexpr int kMostAttempts = 400;      // to make a sequence shorter

// What a series is for.
struct Kind {
  const char* requirement;
  SubjectKind subject;
  bool volatile_mounts, reuse;
};
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kKinds = {
      {"A2", SubjectKind::overlay, false, false},
      {"B4", SubjectKind::volatile_overlay, true, false},
      {"C1", SubjectKind::volatile_overlay, true, true},
  };
  return kKinds;
}

// The ways to mount that this kernel has.
std::vector<int> possibleMounts(Subject& subject, const Kind& kind) {
  std::vector<int> possible;
  for (int i = 0; i < static_cast<int>(model::mountModes().size()); ++i) {
    const model::MountMode& mode = model::mountModes()[i];
    if (mode.is_volatile && !kind.volatile_mounts) continue;
    if (!subject.beside.mountOverlay(mode.text).ok()) continue;
    subject.beside.unmountLatest();
    possible.push_back(i);
  }
  return possible;
}

std::vector<int> possibleLosses(const Subject& subject) {
  std::vector<int> possible;
  for (int i = 0; i < static_cast<int>(model::losses().size()); ++i) {
    if (!FailingDisk::whyNot(static_cast<FaultKind>(i)).empty()) continue;
    if (model::losses()[i].error != EIO &&
        hasQuirk(subject.filesystem(), filesystems::quirk::other_errno)) {
      continue;
    }
    possible.push_back(i);
  }
  return possible;
}

// Asked once for each filesystem. None if the kernel cannot be asked.
const model::Rules* rulesFor(const WithSubject& with, const Kind& kind) {
  static std::map<std::string, model::Rules> known;
  std::string key;
  const bool asked = with("", [&](Subject& subject) {
    key = subject.filesystem().name + kind.requirement;
    if (known.count(key) != 0) return;
    model::Rules& rules = known[key];
    rules.failstop = kind.volatile_mounts;
    rules.reuse = kind.reuse;
    rules.temporary_files = subject.tryOpen(".", O_TMPFILE | O_RDWR).ok();
    // btrfs has threads that write when they find something to do.
    rules.quiet_disk =
        subject.filesystem().error_record != filesystems::ErrorRecord::ordered_extents;
    rules.operations = static_cast<int>(Machine::operations().size());
    rules.losses = possibleLosses(subject);
    rules.mounts = possibleMounts(subject, kind);
  });
  return asked ? &known.at(key) : nullptr;
}

// A seed for each sequence of a batch (splitmix64).
std::uint64_t mixed(std::uint64_t seed) {
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ (seed >> 30U)) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ (seed >> 27U)) * 0x94d049bb133111eb;
  return seed ^ (seed >> 31U);
}

std::string indented(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) result += "  " + line + '\n';
  return result;
}

class Batch {
 public:
  Batch(const WithSubject& with, const Kind& kind, const model::Rules& rules)
      : with_(with), kind_(kind), world_(rules, kind.volatile_mounts) {}

  // Takes steps until there were that many, or the first divergence.
  void run(std::uint64_t seed, std::uint64_t steps) {
    std::uint64_t taken = 0;
    for (std::uint64_t i = 0; taken < steps; ++i) {
      const Sequence sequence = generate(world_, mixed(seed * 1000003 + i), kLongest);
      taken += sequence.size();
      const auto divergence = judgeOn(sequence);
      if (broken_) return;
      if (divergence) {
        explain({sequence.begin(), sequence.begin() + static_cast<long>(divergence->steps)},
                *divergence);
        return;
      }
    }
  }

 private:
  std::optional<Divergence> judgeOn(const Sequence& sequence) {
    std::optional<Divergence> found;
    const bool judged =
        with_("", [&](Subject& subject) { found = judge(subject, world_, sequence); });
    broken_ = broken_ || !judged;
    return broken_ ? std::nullopt : found;
  }

  void explain(const Sequence& sequence, Divergence found) {
    const Sequence shortest = shrink(
        world_, sequence,
        [&](const Sequence& shorter) {
          const auto again = judgeOn(shorter);
          if (again) found = *again;
          return again.has_value();
        },
        kMostAttempts);
    ADD_FAILURE() << found.what << "\nafter " << shortest.size() << " steps:\nCASE("
                  << kind_.requirement << ", AShorterSequence"
                  << (kind_.volatile_mounts ? ", .subjects = kVolatileOnly" : "") << ") {\n"
                  << indented(caseOf(world_, shortest)) << "}";
  }

  const WithSubject& with_;
  const Kind& kind_;
  model::World world_;
  bool broken_ = false;  // the suite's own error: the case has its verdict
};

}  // namespace

std::vector<Case> explorations(std::uint64_t seed, std::uint64_t steps) {
  std::vector<Case> cases;
  for (const Kind& kind : kinds()) {
    const std::uint64_t share = steps / kinds().size();
    const std::uint64_t batches = std::max<std::uint64_t>(1, (share + kBatch - 1) / kBatch);
    for (std::uint64_t i = 0; i < batches; ++i) {
      Case batch{kind.requirement, "SequencesOfSeed" + std::to_string(seed + i), Line::current(),
                 Traits{.subjects = {kind.subject}, .limit_seconds = 120}, nullptr};
      batch.on_subjects = [&kind, seed = seed + i,
                           share = share / batches](const WithSubject& with) {
        const model::Rules* rules = rulesFor(with, kind);
        if (rules != nullptr) Batch(with, kind, *rules).run(seed, share);
      };
      cases.push_back(std::move(batch));
    }
  }
  return cases;
}

}  // namespace conformance
