// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/arrangements.h"

#include <cerrno>
#include <optional>

#include "conformance/case.h"
#include "conformance/lower_layers.h"
#include "conformance/needs.h"
#include "sys/setup_error.h"
#include "sys/user_namespace.h"

namespace conformance {
namespace {

using sys::Result;

std::string lowerWithDataOnlyLayer(Subject& subject) {
  return subject.layers.lower() + "::" + subject.layers.freshDirectory();
}

// Another mount of the filesystem, idmapped; empty if the kernel has none.
std::string idmapped(Subject& subject) {
  std::optional<sys::UserNamespace> users;
  if (!whyNoUserNamespace(users).empty()) return "";
  try {
    return subject.beside.idmappedBase(*users);
  } catch (const sys::SetupError& error) {
    if (error.error() != EINVAL && error.error() != ENOSYS) throw;
    return "";
  }
}

struct Arrangement {
  const char* name;
  const char* options;
  std::string (*lower)(Subject&) = nullptr;  // instead of the usual one
  // Where the upper filesystem is seen; empty: leave it out.
  std::string (*base)(Subject&) = nullptr;
  bool may_be_missing = false;  // in older kernels
  bool is_for_users = false;
};

constexpr Arrangement kArrangements[] = {
    {"two lower layers", "index=off", twoLowerLayers},
    {"a lower layer on the upper filesystem", "index=off", lowerOnTheUpperFilesystem},
    {"an overlay as the lower layer", "index=off", overlayAsLower},
    {"a data-only layer", "metacopy=on,redirect_dir=on", lowerWithDataOnlyLayer, nullptr, true},
    {"an idmapped upper layer", "index=off", nullptr, idmapped, true},
    {"default_permissions", "default_permissions"},
    {"userxattr", "userxattr", nullptr, nullptr, true, true},
    {"uuid=off on one filesystem", "index=off,uuid=off", lowerOnTheUpperFilesystem, nullptr, true},
    {"uuid=null", "uuid=null", nullptr, nullptr, true},
    {"uuid=on", "uuid=on", nullptr, nullptr, true},
    {"xino=off", "xino=off"},
    {"xino=on", "xino=on"},
    {"redirect_dir=follow", "redirect_dir=follow"},
    {"redirect_dir=nofollow", "redirect_dir=nofollow"},
    {"redirect_dir=on", "redirect_dir=on"},
    {"index=on", "index=on"},
    {"metacopy=on", "metacopy=on"},
    {"nfs_export=on", "index=on,nfs_export=on"},
    {"verity=on", "metacopy=on,verity=on", nullptr, nullptr, true},
    {"verity=require", "metacopy=on,verity=require", nullptr, nullptr, true},
};

// In a directory of the upper filesystem, which the overlay sees on `base`. They are empty because
// that is what takes the least time to make.
Layers emptyLayers(Subject& subject, const Arrangement& which, const std::string& base,
                   const std::string& directory, const std::string& option) {
  const std::string upper = directory + "/upper", work = directory + "/work";
  for (const std::string& each : {directory, upper, work})
    makeDirectory(subject.layers.base() + each);
  std::string options = which.options;
  if (!option.empty()) options += ',' + option;
  const std::string lower = which.lower == nullptr ? subject.layers.lower() : which.lower(subject);
  return {subject.layers.base() + upper, subject.layers.base() + work,
          overlayOptions(lower, base + upper, base + work, options)};
}

Result mount(Subject& subject, const Arrangement& which, const Layers& layers) {
  const Result result = subject.beside.mountLayers(layers.options);
  EXPECT_TRUE(result.ok() ||
              (which.may_be_missing && (result.error() == EINVAL || result.error() == ENOENT)))
      << "mount with " << which.name << ": " << result;
  return result;
}

}  // namespace

std::vector<ArrangedOverlay> mountEveryArrangement(Subject& subject, const std::string& option,
                                                   CalledFrom) {
  std::vector<ArrangedOverlay> mounted;
  int number = 0;  // what a mount that failed has left is used by no other
  for (const Arrangement& each : kArrangements) {
    const std::string base = each.base == nullptr ? subject.layers.base() : each.base(subject);
    if (base.empty()) continue;
    const std::string directory = "/arranged-" + std::to_string(number++);
    const Layers layers = emptyLayers(subject, each, base, directory, option);
    if (!mount(subject, each, layers).ok()) continue;
    const View view(subject.beside.latest().root(), layers.upper);
    mounted.push_back({each.name, layers, view, each.is_for_users});
  }
  return mounted;
}

}  // namespace conformance
