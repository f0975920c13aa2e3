// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/batch.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <sstream>

#include "conformance/explore/changes.h"
#include "conformance/explore/coverage.h"
#include "conformance/explore/judge.h"
#include "conformance/explore/machine.h"
#include "conformance/needs.h"
#include "conformance/quirks.h"
#include "conformance/skip.h"
#include "sys/ring.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

constexpr int kLongest = 160;       // steps of a sequence; half of it on the average
constexpr int kMostAttempts = 400;  // to make a sequence shorter

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

// The ways to mount that this kernel has. Each is tried once on a filesystem, not many on one disk,
// which has no room for the layers of all. Nothing: a subject has got its verdict.
std::optional<std::vector<int>> possibleMounts(const WithSubject& with, const Kind& kind) {
  constexpr int kOnOneDisk = 8;
  static std::map<std::pair<std::string, int>, bool> known;
  const int all = static_cast<int>(model::mountModes().size());
  std::vector<int> possible;
  for (int next = 0; next < all;) {
    const bool asked = with("", [&](Subject& subject) {
      Machine machine(subject);
      for (int tried = 0; next < all && tried < kOnOneDisk; ++next) {
        if (model::mountModes()[next].is_volatile && !kind.volatile_mounts) continue;
        const auto [found, is_new] = known.try_emplace({subject.filesystem().name, next});
        if (is_new) found->second = machine.canMount(next);
        if (found->second) possible.push_back(next);
        tried += is_new ? 1 : 0;
      }
    });
    if (!asked) return std::nullopt;
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

bool hasRings() {
  try {
    std::optional<sys::Ring> ring;
    needRing(ring);
    return true;
  } catch (const Skipped&) {
    return false;
  }
}

// Whether it has series A. If not, B and C can be judged all the same.
bool reports(Subject& subject) {
  const sys::File file = subject.beside.another().open("data", O_RDONLY);
  subject.loseWritebackElsewhere();
  return !file.syncfs().ok();
}

// Asked once for each filesystem. None if the kernel cannot be asked, or has more to ask for than
// the model knows.
const model::Rules* rulesFor(const WithSubject& with, const Kind& kind) {
  static std::map<std::string, model::Rules> known;
  std::string key;
  const bool can_be_judged = with("", [&](Subject& subject) {
    if (kind.volatile_mounts && failstopOption(subject.filesystem()) == kFailstop) {
      skip("the model does not know the mount option fsync=volatile-failstop");
    }
    key = subject.filesystem().name + kind.requirement;
  });
  if (!can_be_judged) return nullptr;
  if (const auto found = known.find(key); found != known.end()) return &found->second;
  const std::optional<std::vector<int>> mounts = possibleMounts(with, kind);
  if (!mounts) return nullptr;
  model::Rules rules;
  const bool asked = with("", [&](Subject& subject) {
    rules.failstop = kind.volatile_mounts;
    rules.reuse = kind.reuse;
    rules.temporary_files = subject.tryOpen(".", O_TMPFILE | O_RDWR).ok();
    // btrfs has threads that write when they find something to do.
    rules.quiet_disk =
        subject.filesystem().error_record != filesystems::ErrorRecord::ordered_extents;
    rules.rings = hasRings();
    rules.operations = static_cast<int>(Machine::operations().size());
    rules.changes = static_cast<int>(changes().size());
    rules.losses = possibleLosses(subject);
    rules.mounts = *mounts;
    rules.reports = !kind.volatile_mounts || reports(subject);  // the last: it loses something
    coverage().addPossible(rules, kind.volatile_mounts);
  });
  return asked ? &known.emplace(key, rules).first->second : nullptr;
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
    takeSequences(steps, [&](std::uint64_t index) -> std::optional<std::size_t> {
      const Sequence sequence = generate(world_, mixed(seed * 1000003 + index), kLongest);
      const auto divergence = judgeOn(sequence);
      if (divergence && (divergence->about != Divergence::About::disk || divergesAgain(sequence))) {
        explain({sequence.begin(), sequence.begin() + static_cast<long>(divergence->steps)},
                *divergence, seed);
        ended_ = true;
      }
      return ended_ ? std::nullopt : std::optional(sequence.size());
    });
  }

  // The same for one seed after the other, as long as there is time.
  void runFor(std::uint64_t seed, std::chrono::seconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    for (; !ended_ && std::chrono::steady_clock::now() < end; ++seed) run(seed, kBatch);
  }

 private:
  std::optional<Divergence> judgeOn(const Sequence& sequence) {
    std::optional<Divergence> found;
    const bool judged =
        with_("", [&](Subject& subject) { found = judge(subject, world_, sequence); });
    if (!judged) print("the steps during which it happened", sequence);
    ended_ = ended_ || !judged;
    return judged ? found : std::nullopt;
  }

  // A thread of the filesystem does not write at the same step each time.
  bool divergesAgain(const Sequence& sequence) {
    for (int i = 0; i < 3; ++i) {
      if (!judgeOn(sequence)) return false;
    }
    return true;
  }

  void explain(const Sequence& sequence, Divergence found, std::uint64_t seed) {
    // What the kernel has to say about it is on the console. Hundreds of times, it would count as a
    // flood.
    const sys::Sysctl quiet("kernel/printk", 1);
    const Sequence shortest = shrink(
        world_, sequence,
        [&](const Sequence& shorter) {
          const auto again = judgeOn(shorter);
          // Another one that a thread of the filesystem may have caused proves nothing.
          if (!again || again->about != found.about) return false;
          found = *again;
          return true;
        },
        kMostAttempts);
    print(found.what + "\nwith seed " + std::to_string(seed) + ", after " +
              std::to_string(shortest.size()) + " steps",
          shortest, found.about);
  }

  // As a failure, with the steps as a case that can be pasted.
  void print(const std::string& what, const Sequence& sequence,
             Divergence::About about = Divergence::About::answer) const {
    ADD_FAILURE() << what << ":\nCASE(" << kind_.requirement << ", AShorterSequence"
                  << (kind_.volatile_mounts ? ", .subjects = kVolatileOnly" : "") << ") {\n"
                  << indented(caseOf(world_, sequence, about)) << "}";
  }

  const WithSubject& with_;
  const Kind& kind_;
  model::World world_;
  bool ended_ = false;  // the case has its verdict
};

}  // namespace

std::vector<Case> explorations(const Exploration& wanted) {
  std::vector<Case> cases;
  const auto add = [&](const Kind& kind, const std::string& title, int limit, auto&& run) {
    Case batch{kind.requirement, title, Line::current(),
               Traits{.subjects = {kind.subject}, .limit_seconds = limit}, nullptr};
    batch.on_subjects = [&kind, run](const WithSubject& with) {
      const model::Rules* rules = rulesFor(with, kind);
      if (rules == nullptr) return;
      Batch taken(with, kind, *rules);
      run(taken);
    };
    cases.push_back(std::move(batch));
  };
  constexpr int kLimit = 120;  // seconds, of a batch
  for (const Kind& kind : kinds()) {
    if (wanted.seconds != 0) {
      const std::chrono::seconds time(std::max<std::uint64_t>(1, wanted.seconds / kinds().size()));
      add(kind, "SequencesFromSeed" + std::to_string(wanted.seed),
          kLimit + static_cast<int>(time.count()),
          [seed = wanted.seed, time](Batch& batch) { batch.runFor(seed, time); });
      continue;
    }
    std::uint64_t seed = wanted.seed;
    for (const std::uint64_t steps : batchesOf(wanted.steps, kinds().size())) {
      add(kind, "SequencesOfSeed" + std::to_string(seed), kLimit,
          [seed, steps](Batch& batch) { batch.run(seed, steps); });
      ++seed;
    }
  }
  return cases;
}

}  // namespace conformance
