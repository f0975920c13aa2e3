// SPDX-License-Identifier: GPL-2.0-only
// The guest's program: init of a machine that is booted for one run, or an ordinary program run by
// root.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sched.h>
#include <sys/mount.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <map>
#include <utility>
#include <vector>

#include "conformance/case_run.h"
#include "conformance/channel.h"
#include "conformance/cost.h"
#include "conformance/event.h"
#include "conformance/explore/batch.h"
#include "conformance/explore/coverage.h"
#include "conformance/init.h"
#include "conformance/interrupts.h"
#include "conformance/kernel_probe.h"
#include "conformance/modules.h"
#include "conformance/options.h"
#include "conformance/quirk_probes.h"
#include "conformance/scratch.h"
#include "conformance/shell.h"
#include "conformance/shell_commands.h"
#include "conformance/verdict_listener.h"
#include "filesystems/registry.h"
#include "requirements/requirements.h"
#include "sys/extents.h"
#include "sys/glob.h"
#include "sys/leaks.h"
#include "sys/setup_error.h"

namespace {

using namespace conformance;

// Exit statuses, for running this by hand; the runner reads the verdict stream instead.
enum Status { kAllPass = 0, kSomeFail = 1, kUsage = 2, kError = 3, kCannot = 9 };

std::string groupOf(const Case& test) {
  return test.traits.long_running ? "long" : "quick";
}

std::vector<Case> casesFor(const Options& options) {
  if (!options.exploration) return allCases();
  return explorations(*options.exploration);
}

// Empty: all.
std::vector<std::string> filesystemsOf(const Case& test) {
  std::vector<std::string> those;
  const Traits& traits = test.traits;
  if (!traits.loss && !traits.stops && !traits.without_journal) return those;
  for (const std::string& name : filesystems::everyName()) {
    if (test.isFor(filesystems::get(name))) those.push_back(name);
  }
  return those;
}

void printList(const Options& options) {
  const char* before = "[\n";
  for (const Case& test : casesFor(options)) {
    std::vector<std::string> subjects;
    for (const SubjectKind subject : test.traits.subjects) subjects.emplace_back(name(subject));
    std::cout << std::exchange(before, ",\n")
              << toJson({{"case", test.name()},
                         {"requirement", test.requirement},
                         {"text", requirements::textOf(test.requirement)},
                         {"group", groupOf(test)},
                         {"filesystems", filesystemsOf(test)},
                         {"subjects", subjects}});
  }
  std::cout << "\n]\n";
}

// Mounts of this process are invisible to others and disappear with it, however it ends.
void leaveMountNamespace() {
  sys::require(::unshare(CLONE_NEWNS), "unshare", "the mount namespace");
  sys::require(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount", "/ private");
}

// The runs of one case that the options select.
CaseRuns runsOf(const Case& test, const Options& options) {
  CaseRuns runs;
  if (options.group != "all" && options.group != groupOf(test)) return runs;
  if (std::ranges::count(options.leave_out, test.requirement) != 0) return runs;
  for (const Disk& disk : options.disks) {
    if (!test.isFor(*disk.filesystem)) continue;
    for (const SubjectKind subject : test.traits.subjects) {
      CaseRun run;
      run.test = &test;
      run.filesystem = disk.filesystem->name;
      run.subject = subject;
      std::string full_name = run.fullName();
      if (sys::matchesGlob(options.filter, full_name)) {
        runs.emplace(std::move(full_name), std::move(run));
      }
    }
  }
  return runs;
}

// All runs that the options select. The subjects of a case stay together: the bare one is the
// oracle.
CaseRuns plan(const std::vector<Case>& cases, const Options& options) {
  CaseRuns runs;
  for (const Case& test : cases) {
    if (options.part.has(test.name())) runs.merge(runsOf(test, options));
  }
  return runs;
}

// GoogleTest runs the cases, but prints nothing and takes no options.
void initGoogleTest() {
  std::string name = "guest";
  char* arguments[] = {name.data(), nullptr};
  int count = 1;
  testing::InitGoogleTest(&count, arguments);
  // GTEST_FILTER and the like in the environment would silently drop or repeat cases.
  GTEST_FLAG_SET(filter, "*");
  GTEST_FLAG_SET(repeat, 1);
  GTEST_FLAG_SET(shuffle, false);
  GTEST_FLAG_SET(fail_fast, false);
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
}

Status statusOf(const std::map<std::string, int>& tally) {
  if (tally.count("error") != 0) return kError;
  return tally.count("fail") + tally.count("xpass") != 0 ? kSomeFail : kAllPass;
}

Status judgeKernel(const Options& options, const std::vector<std::string>& module_failures,
                   Channel& channel) {
  if (options.exploration) coverage().countPossible();
  const std::vector<Case> cases = casesFor(options);
  CaseRuns runs = plan(cases, options);
  channel.send(
      {{"event", "hello"}, {"protocol", 1}, {"kernel", kernelRelease()}, {"cases", runs.size()}});
  const auto note = [&](const std::string& what) {
    if (!what.empty()) channel.send({{"event", "note"}, {"what", what}});
  };
  std::ranges::for_each(module_failures, note);
  std::vector<std::string> missing = missingThings(options.disks);
  const bool only_filesystem = missing == missingFilesystems(options.disks);
  // A module that is there and does not load is why something is missing.
  if (!missing.empty()) {
    missing.insert(missing.end(), module_failures.begin(), module_failures.end());
  }
  if (runs.empty()) missing.push_back("a case that matches the filter '" + options.filter + "'");
  for (const std::string& what : missing) {
    channel.send({{"event", "unable"},
                  {"what", what},
                  {"scope", only_filesystem ? "filesystem" : "kernel"}});
  }
  if (!missing.empty()) return kCannot;

  Workspace workspace;
  std::map<std::string, FailingDisk> disks;
  const std::uint64_t share = sys::deviceSectors(scratchDevice()) / options.disks.size();
  for (const Disk& disk : options.disks) {
    const auto added = disks.try_emplace(disk.filesystem->name, disk,
                                         sys::SectorRange{disks.size() * share, share});
    LayerDirectories::populate(added.first->second, workspace);
    if (options.disarmed) added.first->second.disarm();
  }
  for (auto& [filesystem, disk] : disks) {
    const QuirkAnswers quirks = askForQuirks(disk, workspace);
    channel.send({{"event", "quirks"},
                  {"filesystem", filesystem},
                  {"asked", quirks.asked},
                  {"found", quirks.found}});
  }
  initGoogleTest();
  Oracle oracle;
  const std::vector<const Case*> ordered = inOrderOfRunning(cases);
  for (const Disk& disk : options.disks) {
    for (const Case* test : ordered) {
      for (const SubjectKind subject : test->traits.subjects) {
        const CaseRun wanted{test, disk.filesystem->name, subject, {}, {}, {}, {}};
        const auto found = runs.find(wanted.fullName());
        if (found == runs.end()) continue;
        registerWithGoogleTest(found->second, disks.at(disk.filesystem->name), workspace, oracle);
      }
    }
  }
  VerdictListener* listener = new VerdictListener(channel, runs);  // owned by GoogleTest from here
  testing::UnitTest::GetInstance()->listeners().Append(listener);
  // Its result leaves out our errors and skips; the tally counts them.
  [[maybe_unused]] const int ignored = RUN_ALL_TESTS();
  for (auto& [filesystem, disk] : disks) disk.finish();
  if (isInit()) note(sys::logLeaks());
  if (options.exploration) {
    channel.send({{"event", "pairs"},
                  {"possible", coverage().possible()},
                  {"covered", coverage().covered()},
                  {"missing", coverage().missing()}});
  }
  channel.send({{"event", "end"}, {"verdicts", listener->verdicts()}});
  // The devices disappear with the machine; removing them would take longer than all the cases.
  if (isInit()) {
    channel.drain();
    powerOff();
  }
  return statusOf(listener->tally());
}

// The kernel passes parameters that it does not know to init, before init's own arguments.
std::vector<std::string> ownArguments(int argc, char** argv) {
  char** first = argv + 1;
  char** const end = argv + argc;
  if (isInit()) {
    first = std::find_if(first, end, [](const char* word) { return word[0] == '-'; });
  }
  return {first, end};
}

// Without a verdict channel, what the kernel lacks goes to the console, where the runner looks for
// lines that begin like this.
Channel openVerdicts(const Options& options, const std::vector<std::string>& module_failures) {
  try {
    return Channel(options.verdicts);
  } catch (const sys::SetupError& error) {
    if (!isInit()) throw;
    std::vector<std::string> missing = missingThings(options.disks);
    missing.push_back(std::string("a channel for the verdicts (CONFIG_VIRTIO_CONSOLE and "
                                  "CONFIG_VIRTIO_PCI, or CONFIG_SERIAL_8250 with two lines): ") +
                      error.what());
    missing.insert(missing.end(), module_failures.begin(), module_failures.end());
    for (const std::string& what : missing) std::cerr << "ovl-syncfs: unable: " << what << '\n';
    ::tcdrain(STDERR_FILENO);
    powerOff();
  }
}

Status run(const std::vector<std::string>& arguments,
           const std::vector<std::string>& module_failures) {
  const Options options = parseOptions(arguments);
  if (options.help) {
    std::cout << usage();
    return kAllPass;
  }
  if (options.list) {
    printList(options);
    return kAllPass;
  }
  if (!isInit()) {
    if (options.shell) throw UsageError("--shell works only as init of a guest");
    if (::geteuid() != 0) throw UsageError("must run as root: it mounts, and makes dm devices");
    holdInterrupts();
    leaveMountNamespace();
  }
  chooseScratch(options.disks, options.scratch);
  Channel channel = openVerdicts(options, module_failures);
  if (options.shell) runShell(*options.shell, options.disks.front(), channel);
  if (options.cost) measureCost(options.disks.front(), channel);
  const Status status = options.cost ? kAllPass : judgeKernel(options, module_failures, channel);
  channel.drain();
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  // Keep freed memory: each case allocates what it writes, and page faults are expensive in an
  // emulated machine.
  constexpr int kNever = 1 << 30;
  ::mallopt(M_MMAP_THRESHOLD, kNever);
  ::mallopt(M_TRIM_THRESHOLD, kNever);
  std::vector<std::string> module_failures;
  if (isInit()) {
    becomeInit();
    module_failures = loadModules();
  } else if (const auto status = runShellCommand(argc, argv)) {
    return *status;
  }
  Status status = kError;
  try {
    status = run(ownArguments(argc, argv), module_failures);
  } catch (const UsageError& error) {
    std::cerr << argv[0] << ": " << error.what() << "\n" << usage();
    status = kUsage;
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << '\n';
  }
  if (isInit()) powerOff();
  releaseInterrupts();
  return status;
}
