// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/machine.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

#include "conformance/callers.h"
#include "conformance/cases/failstop.h"
#include "conformance/cases/steps.h"
#include "conformance/explore/changes.h"
#include "conformance/explore/step_text.h"
#include "conformance/fault.h"
#include "conformance/sent_file.h"
#include "conformance/skip.h"
#include "conformance/workspace.h"
#include "sys/filesystem_control.h"
#include "sys/setup_error.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

using model::Step;
using model::Target;
using model::Verb;
using sys::Result;

static_assert(model::kDuplications.size() == sys::kDuplications.size(), "the same, in one order");

// So that opening them later is only that.
void makeNodes(const View& view) {
  const std::string fifo = view.path("a-fifo"), device = view.path("a-device");
  makeNode(fifo, S_IFIFO);
  makeNode(device, S_IFCHR, makedev(1, 3));
}

bool isDirectory(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

const std::vector<Operation>& Machine::operations() {
  static const std::vector<Operation> kAll = [] {
    std::vector<Operation> all;
    for (const auto* some :
         {&operationsOnDescriptors(), &operationsOnAttributes(), &operationsOnNames()}) {
      all.insert(all.end(), some->begin(), some->end());
    }
    return all;
  }();
  return kAll;
}

const Operation& operation(const std::string& title) {
  for (const Operation& each : Machine::operations()) {
    if (each.title == title) return each;
  }
  throw std::out_of_range("no operation '" + title + "'");
}

Machine::Machine(Subject& subject) : subject_(subject) {
  makeNodes(subject);
}

const View& Machine::view(int number) const {
  if (number == model::kBare) return subject_.upper();
  if (number == model::kSubject) return subject_;
  return beside_.at(number).view;
}

Result Machine::open(const Step& step) {
  if (step.target == Target::by_handle) return openByHandle(step);
  if (step.target == Target::renamed_directory) makeAndRename(view(step.view), nameToOpen(step));
  const std::string path = view(step.view).path(nameToOpen(step));
  sys::Descriptor opened(::open(path.c_str(), flagsToOpen(step) | O_CLOEXEC, 0600));
  if (!opened) return Result::failure(errno);
  files_.emplace(step.file, sys::File(std::move(opened)));
  if (step.target == Target::nameless) sys::require(::unlink(path.c_str()), "unlink", path);
  return Result::success();
}

sys::Ring& Machine::ring() {
  return ring_ ? *ring_ : ring_.emplace();
}

bool Machine::prepare(const Step& step) {
  const Operation& operation = operations().at(step.choice);
  // It is for a name that the dentry cache does not have, and other steps may bring it there.
  if (operation.title.starts_with("LookupOf")) return false;
  try {
    prepared_.emplace(step.file, operation.prepare(view(step.view)));
    return true;
  } catch (const Skipped&) {
    return false;
  } catch (const NoAcls&) {
    return false;
  } catch (const sys::SetupError& error) {
    if (error.error() != EEXIST) throw;
    return false;
  }
}

Result Machine::loseBy(const Step& step, const std::function<Result()>& call) {
  const View& through = view(step.view);
  return subject_.disk.loseWritebackBy(call, through.path(nameToOpen(step)),
                                       through.barePath(nameToOpen(step)),
                                       static_cast<FaultKind>(step.choice));
}

Result Machine::fill(const Step& step) {
  return view(step.view).open(nameToOpen(step)).pwrite(sys::freshBytes(kDataBytes), 0);
}

// On a file that is open.
Result Machine::runOnFile(const Step& step) {
  const sys::File& file = files_.at(step.file);
  switch (step.verb) {
    case Verb::syncfs:
      return file.syncfs();
    case Verb::syncfs_in_child:
      return syncfsInChildren(file, 1).front();
    case Verb::syncfs_on_read_only:
      return subject_.mount.whileUpperIsReadOnly([&] { return file.syncfs(); });
    case Verb::fsync:
      return file.fsync();
    case Verb::fdatasync:
      return file.fdatasync();
    case Verb::stat:
      return status(file);
    case Verb::read:
      return isDirectory(file.descriptor()) ? readEntry(file) : read(file);
    case Verb::write:
      return write(file);
    case Verb::write_and_sync:
      return write(file, RWF_SYNC);
    case Verb::map:
      return map(file);
    case Verb::store_and_msync:
      return storeAndSync(file);
    case Verb::copy:
      return copyPage(files_.at(step.from), file);
    case Verb::ring_read:
      return readByRing(ring(), file);
    case Verb::ring_write:
      return ring().pwrite(file, sys::freshBytes(kBytes), 0);
    default:
      return ring().fsync(file);
  }
}

Result Machine::run(const Step& step) {
  switch (step.verb) {
    case Verb::open:
      return open(step);
    case Verb::duplicate:
      files_.emplace(step.file, files_.at(step.from).duplicate(sys::kDuplications.at(step.choice)));
      return Result::success();
    case Verb::pass:
      files_.emplace(step.file, sentOverSocket(files_.at(step.from)));
      return Result::success();
    case Verb::close: {
      const auto file = files_.find(step.file);
      sys::File closed = std::move(file->second);
      files_.erase(file);
      return closed.close();
    }
    case Verb::change:
      return change(changes().at(step.choice).title, view(step.view), nameOfNew(step));
    case Verb::look_up:
      return lookUp(view(step.view), nameOfNew(step));
    case Verb::inspect:
      return inspect(view(step.view));
    case Verb::call:
      return prepared_.at(step.file)();
    case Verb::drop:
      prepared_.erase(step.file);
      return Result::success();
    case Verb::sync_loses:
      return loseBy(step, [] {
        ::sync();
        return Result::success();
      });
    case Verb::syncfs_loses:
      return loseBy(step, [&] { return files_.at(step.file).syncfs(); });
    case Verb::fsync_loses:
      return loseBy(step, [&] { return files_.at(step.file).fsync(); });
    case Verb::write_loses:
      return loseBy(step, [&] { return writeAndSyncAll(files_.at(step.file)); });
    case Verb::lose: {
      const View& through = view(step.view);
      subject_.disk.loseWriteback(through.path(nameToOpen(step)),
                                  through.barePath(nameToOpen(step)),
                                  static_cast<FaultKind>(step.choice));
      return Result::success();
    }
    case Verb::fault:
      settle();
      fault_.emplace(subject_.disk.breakFile(view(step.view).barePath(nameToOpen(step)),
                                             static_cast<FaultKind>(step.choice)));
      return fill(step);
    case Verb::write_under_fault:
      return fill(step);
    case Verb::heal:
      fault_->heal();
      fault_.reset();
      return Result::success();
    case Verb::sync:
      settle();
      return Result::success();
    case Verb::freeze: {
      const sys::File root = subject_.upper().open(".", O_RDONLY);
      const sys::Freeze freeze(root);
      return Result::success();
    }
    case Verb::drop_caches:
      sys::dropCaches();
      return Result::success();
    case Verb::mount: {
      const Layers layers =
          subject_.layers.fresh(placesFor(model::mountModes().at(step.choice).lowers));
      makeNodes(View(layers.upper, layers.upper));
      return mount(step, layers);
    }
    case Verb::mount_again:
      return mount(step, Layers(beside_.at(step.from).layers));
    case Verb::unmount:
      unmount(step.view);
      return Result::success();
    case Verb::detach:
      subject_.beside.detach(view(step.view));
      return Result::success();
    case Verb::remount_read_only:
      return step.view == model::kSubject ? subject_.mount.remountReadOnly()
                                          : subject_.beside.remountReadOnly(view(step.view));
    case Verb::remount_writable:
      return step.view == model::kSubject ? subject_.mount.remountWritable()
                                          : subject_.beside.remountWritable(view(step.view));
    case Verb::prepare:
      return Result::success();
    default: {
      const auto call = [&] { return runOnFile(step); };
      return model::hasCaller(step.verb) && step.choice != 0 ? asNobody(call) : call();
    }
  }
}

Outcome Machine::take(const Step& step) {
  const std::uint64_t before = subject_.disk.writes();
  const Result result = run(step);
  return {result, subject_.disk.writes() != before};
}

long Machine::failuresLogged() {
  failures_logged_ += timesThatItFailed(log_);
  return failures_logged_;
}

}  // namespace conformance
