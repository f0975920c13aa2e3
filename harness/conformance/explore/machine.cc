// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/machine.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

#include "conformance/cases/failstop.h"
#include "conformance/cases/steps.h"
#include "conformance/explore/step_text.h"
#include "conformance/fault.h"
#include "conformance/sent_file.h"
#include "conformance/skip.h"
#include "sys/setup_error.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

using model::Step;
using model::Target;
using model::Verb;
using sys::Result;

// So that opening them later is only that.
void makeNodes(const View& view) {
  const std::string fifo = view.path("a-fifo"), device = view.path("a-device");
  sys::require(::mknod(fifo.c_str(), S_IFIFO | 0600, 0), "mknod", fifo);
  sys::require(::mknod(device.c_str(), S_IFCHR | 0600, makedev(1, 3)), "mknod", device);
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

Result Machine::keep(int file, int descriptor) {
  const Result result = Result::ofCall(descriptor);
  if (result.ok()) files_.emplace(file, sys::File(sys::Descriptor(descriptor)));
  return result;
}

Result Machine::open(const Step& step) {
  const std::string path = view(step.view).path(nameToOpen(step));
  const Result result = keep(step.file, ::open(path.c_str(), flagsToOpen(step) | O_CLOEXEC, 0600));
  if (result.ok() && step.target == Target::nameless) {
    sys::require(::unlink(path.c_str()), "unlink", path);
  }
  return result;
}

Result Machine::mount(const Step& step, const Layers& layers) {
  const model::MountMode& mode = model::mountModes().at(step.choice);
  const Result result =
      subject_.beside.mountLayers(layers.options + ',' + mode.text, mode.read_only ? MS_RDONLY : 0);
  if (result.ok()) {
    beside_.emplace(step.view, Beside{View(subject_.beside.latest().root(), layers.upper), layers});
  }
  return result;
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

Result Machine::run(const Step& step) {
  const auto file = files_.find(step.file);
  const int descriptor = file == files_.end() ? -1 : file->second.descriptor();
  switch (step.verb) {
    case Verb::open:
      return open(step);
    case Verb::duplicate:
      return keep(step.file, ::dup(files_.at(step.from).descriptor()));
    case Verb::pass:
      files_.emplace(step.file, sentOverSocket(files_.at(step.from)));
      return Result::success();
    case Verb::close: {
      sys::File closed = std::move(file->second);
      files_.erase(file);
      return closed.close();
    }
    case Verb::syncfs:
      return Result::ofCall(::syncfs(descriptor));
    case Verb::fsync:
      return Result::ofCall(::fsync(descriptor));
    case Verb::fdatasync:
      return Result::ofCall(::fdatasync(descriptor));
    case Verb::read:
      return isDirectory(descriptor) ? readEntry(file->second) : read(file->second);
    case Verb::write:
      return write(file->second);
    case Verb::write_and_sync:
      return write(file->second, RWF_SYNC);
    case Verb::map:
      return map(file->second);
    case Verb::call:
      return prepared_.at(step.file)();
    case Verb::lose: {
      const View& through = view(step.view);
      subject_.disk.loseWriteback(through.path(nameToOpen(step)),
                                  through.barePath(nameToOpen(step)),
                                  static_cast<FaultKind>(step.choice));
      return Result::success();
    }
    case Verb::sync:
      ::sync();
      return Result::success();
    case Verb::drop_caches:
      sys::dropCaches();
      return Result::success();
    case Verb::mount: {
      const Layers layers = subject_.layers.fresh();
      makeNodes(View(layers.upper, layers.upper));
      return mount(step, layers);
    }
    case Verb::mount_again:
      return mount(step, Layers(beside_.at(step.from).layers));
    case Verb::unmount:
      subject_.beside.unmount(view(step.view));
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
      break;
  }
  return Result::success();
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
