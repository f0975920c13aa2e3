// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>

#include "conformance/calls.h"
#include "conformance/names_to_call.h"
#include "conformance/operations.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// After a magic link, a walk is in ref mode.
Call statInRefWalk(const View& view) {
  const auto root = std::make_shared<File>(view.open(".", O_PATH | O_DIRECTORY));
  struct stat status {};
  sys::require(::stat(view.path("data").c_str(), &status), "stat", view.path("data"));
  return [root] {
    struct stat again {};
    return Result::ofCall(::stat((pathOfOpenFile(root->descriptor()) + "/data").c_str(), &again));
  };
}

// Changes back if it succeeds.
long changedInto(const char* path) {
  const sys::Descriptor before(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (::chdir(path) != 0) return -1;
  return ::fchdir(before.get());
}

long readLinkOnce(const char* path) {
  std::array<char, 16> target{};
  return ::readlink(path, target.data(), target.size());
}

Call readOpenLink(const View& view) {
  const auto link = std::make_shared<File>(makeSymbolicLink(view), O_PATH | O_NOFOLLOW);
  return [link] {
    std::array<char, 16> target{};
    return Result::ofCall(::readlinkat(link->descriptor(), "", target.data(), target.size()));
  };
}

Call followSymbolicLink(const View& view) {
  const std::string path = makeSymbolicLink(view);
  struct stat status {};
  sys::require(::stat(path.c_str(), &status), "stat", path);
  return [path] {
    struct stat again {};
    return Result::ofCall(::stat(path.c_str(), &again));
  };
}

}  // namespace

const std::vector<Operation>& operationsThatGoOn() {
  static const std::vector<Operation> kOperations = {
      {"Stat", onName("data", statOnce)},
      {"StatInRefWalk", statInRefWalk},
      {"StatOfALowerFile", onName("lower-file", statOnce)},
      {"StatThroughASymbolicLink", followSymbolicLink},
      {"Access", onName("data", [](const char* p) -> long { return ::access(p, R_OK); })},
      {"Chdir", onName("upper-dir", changedInto)},
      {"OpenOfAPath", onName("data", opened<O_PATH>)},
      {"Readlink", onSymbolicLink(readLinkOnce)},
      {"ReadlinkOfAnOpenLink", readOpenLink},
  };
  return kOperations;
}

}  // namespace conformance
