// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/quirk_probes.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <optional>

#include "conformance/needs.h"
#include "conformance/quirks.h"
#include "conformance/subject.h"
#include "sys/setup_error.h"
#include "sys/user_namespace.h"

namespace conformance {
namespace {

using filesystems::Probe;
using sys::File;
using sys::Result;

// Whether the result is one of these errors. Throws SetupError for any other error.
bool isOneOf(const Result& result, std::initializer_list<int> errors, const std::string& what) {
  if (result.ok()) return false;
  if (std::ranges::count(errors, result.error()) != 0) return true;
  throw sys::SetupError("a question", what, result.error());
}

std::string freshLayers(Subject& subject, const char* separator) {
  return "lowerdir=" + subject.layers.freshDirectory() + separator +
         subject.layers.freshDirectory();
}

// Without an upper layer an overlay is not volatile, whatever it is asked for.
bool hasNoFailstop(Subject& subject) {
  const std::string options = freshLayers(subject, ":") + ',' + kFailstop;
  return isOneOf(subject.beside.mountLayers(options), {EINVAL}, options);
}

bool hasNoUserxattr(Subject& subject) {
  const std::string options = freshLayers(subject, ":") + ",userxattr";
  return isOneOf(subject.beside.mountLayers(options), {EINVAL}, options);
}

// Before such layers, "::" was an empty name.
bool hasNoDataOnlyLayers(Subject& subject) {
  const LayerPlaces places{.lower = subject.layers.freshDirectory() +
                                    "::" + subject.layers.freshDirectory()};
  return isOneOf(subject.beside.mountOverlay("metacopy=on,redirect_dir=on", places),
                 {EINVAL, ENOENT}, "an overlay with a data-only layer");
}

// Success also where there is no namespace: a case says so itself.
Result mountInUserNamespace(Subject& subject, const std::string& options) {
  const std::string target = subject.layers.freshDirectory();
  std::optional<sys::UserNamespace> users;
  if (!whyNoUserNamespace(users).empty()) return Result::success();
  return users->mount({"overlay", target, "overlay", options});
}

// EPERM: no unprivileged overlays; EINVAL: no userxattr either.
bool isRefusedInUserNamespace(Subject& subject) {
  const std::string options = freshLayers(subject, ":") + ",userxattr";
  return isOneOf(mountInUserNamespace(subject, options), {EPERM, EINVAL}, options);
}

bool isForbiddenInUserNamespace(Subject& subject) {
  const std::string options = freshLayers(subject, ":") + ",userxattr";
  const Result inside = mountInUserNamespace(subject, options);
  if (inside != Result::failure(EPERM) && inside != Result::failure(EACCES)) return false;
  // Root's mount shows that the options are right.
  sys::require(subject.beside.mountLayers(options), "mount", options);
  return true;
}

bool hasNoIdmappedMounts(Subject& subject) {
  std::optional<sys::UserNamespace> users;
  if (!whyNoUserNamespace(users).empty()) return false;
  try {
    subject.beside.idmappedBase(*users);
  } catch (const sys::SetupError& error) {
    if (error.error() == EINVAL || error.error() == ENOSYS) return true;
    throw;
  }
  return false;
}

bool hasNoIdmappedLayers(Subject& subject) {
  std::optional<sys::UserNamespace> users;
  if (!whyNoUserNamespace(users).empty()) return false;
  if (hasNoIdmappedMounts(subject)) return true;
  return isOneOf(
      subject.beside.mountOverlay("index=off", {.base = subject.beside.idmappedBase(*users)}),
      {EINVAL}, "an overlay on an idmapped mount");
}

bool recordsAnotherErrno(Subject& subject) {
  if (!FailingDisk::whyNot(FaultKind::no_space).empty()) return false;  // nor can a case ask
  const File file = subject.open("data");
  Fault fault = subject.breakData("data", FaultKind::no_space);
  sys::require(file.pwrite(sys::freshBytes(kDataBytes), 0), "write", subject.path("data"));
  const Result result = file.fsync();
  fault.heal();
  if (result.ok()) throw sys::SetupError("fsync", "on a full disk has not failed", 0);
  return result != Result::failure(ENOSPC) && isOneOf(result, {EIO}, "on a full disk, fsync");
}

bool writesNothingForNamelessFiles(Subject& subject) {
  const File file = subject.open(".", O_TMPFILE | O_RDWR);
  ::sync();
  return subject.disk.writesDuring([&] {
    sys::require(::fchmod(file.descriptor(), 0640), "chmod", "a file without a name");
    sys::require(file.fsync(), "fsync", "a file without a name");
  }) == 0;
}

bool refusesWritesToMountedDevices(Subject& subject) {
  try {
    const File device(subject.disk.node(), O_RDWR);
  } catch (const sys::SetupError& error) {
    if (error.error() == EBUSY) return true;
    throw;
  }
  return false;
}

struct Question {
  Probe probe;
  bool needs_faults;
  bool (*is_here)(Subject& plain);
};

constexpr Question kQuestions[] = {
    {Probe::mount_failstop, false, hasNoFailstop},
    {Probe::mount_userxattr, false, hasNoUserxattr},
    {Probe::mount_data_only_layer, false, hasNoDataOnlyLayers},
    {Probe::mount_in_user_namespace, false, isRefusedInUserNamespace},
    {Probe::mount_is_forbidden, false, isForbiddenInUserNamespace},
    {Probe::mount_idmapped, false, hasNoIdmappedMounts},
    {Probe::mount_on_idmapped, false, hasNoIdmappedLayers},
    {Probe::errno_of_full_disk, true, recordsAnotherErrno},
    {Probe::fsync_of_nameless, false, writesNothingForNamelessFiles},
    {Probe::open_of_mounted_device, false, refusesWritesToMountedDevices},
};

}  // namespace

QuirkAnswers askForQuirks(FailingDisk& disk, Workspace& workspace) {
  QuirkAnswers answers;
  FaultLog log;
  Subject plain(SubjectKind::plain, disk, workspace, "", log);
  const auto ask = [&](const filesystems::Quirk& quirk) {
    const auto* const question = std::ranges::find(kQuestions, quirk.probe, &Question::probe);
    if (question == std::end(kQuestions)) return;
    if (question->needs_faults && disk.isDisarmed()) return;
    bool is_here = false;
    try {
      is_here = question->is_here(plain);
    } catch (const sys::SetupError& error) {
      std::cerr << "the quirk " << quirk.id << " cannot be asked for: " << error.what() << '\n';
    }
    keepAnswer(disk.filesystem(), quirk, is_here);
    answers.asked.emplace_back(quirk.id);
    if (is_here) answers.found.emplace_back(quirk.id);
  };
  std::ranges::for_each(filesystems::kernelQuirks(), ask);
  // Last: a question about a fault leaves an error behind.
  std::ranges::for_each(disk.filesystem().quirks, ask);
  try {
    plain.tearDown();
  } catch (const sys::SetupError& error) {
    std::cerr << "after the questions for quirks: " << error.what() << '\n';
  }
  return answers;
}

}  // namespace conformance
