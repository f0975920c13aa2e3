// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/cases/volatile_upper.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/kernel_log.h"
#include "conformance/needs.h"
#include "sys/setup_error.h"
#include "sys/user_namespace.h"

namespace conformance {

VolatileUpper VolatileUpper::withAnotherWork() const {
  const std::string work = subject_.layers.fresh().work;
  return {subject_, {upper(), work, overlayOptions(subject_.layers.lower(), upper(), work)}};
}

bool VolatileUpper::isMounted(const std::string& options, CalledFrom) {
  const sys::Result result = mount(options);
  EXPECT_OK(result);
  return result.ok();
}

View VolatileUpper::begin() {
  sys::require(mount(), "mount", "a volatile overlay");
  return view();
}

void VolatileUpper::mountCycle(CalledFrom) {
  const View view = begin();
  EXPECT_OK(write(view.open("data")));
  end();
}

void VolatileUpper::mountCycleWithALoss(CalledFrom) {
  subject_.loseWritebackThrough(begin());
  end();
  seeTheError(subject_);
}

void VolatileUpper::isRefused(const AnyOf& why, const std::string& options, CalledFrom) {
  isRefused(why, [&] {
    const sys::Result result = mount(options);
    if (result.ok()) end();
    return result;
  });
}

void VolatileUpper::isRefused(const AnyOf& why, const std::function<sys::Result()>& mount,
                              CalledFrom) {
  KernelLog log;
  EXPECT_ERRNO(mount(), EINVAL) << "instead of: " << why.texts.front();
  expectLineWith(log, "incompat feature 'volatile'", why);
}

bool VolatileUpper::isMarked() const {
  return ::access(marker().c_str(), F_OK) == 0;
}

void VolatileUpper::mark() const {
  std::filesystem::create_directories(marker());
}

void VolatileUpper::removeMarker() const {
  sys::require(::unlink((marker() + "/dirty").c_str()), "unlink", marker());
  sys::require(::rmdir(marker().c_str()), "rmdir", marker());
}

sys::Result mountInUserNamespace(Subject& subject, const std::string& options) {
  std::optional<sys::UserNamespace> users;
  needUserNamespace(users);
  return users->mount({"overlay", subject.layers.freshDirectory(), "overlay", options});
}

void giveAway(const std::string& path) {
  constexpr uid_t kNotMapped = 100000;
  sys::require(::chown(path.c_str(), kNotMapped, kNotMapped), "chown", path);
}

Layers layersThatMayNotBeSearched(Subject& subject) {
  Layers layers = subject.layers.fresh();
  const std::string work = layers.work + "/work";
  sys::require(::mkdir(work.c_str(), 0), "mkdir", work);
  giveAway(work);
  return layers;
}

void seeTheError(Subject& subject, CalledFrom) {
  EXPECT_ERRNO(subject.upper().open("data", O_RDONLY).syncfs(), EIO);
}

}  // namespace conformance
