// SPDX-License-Identifier: GPL-2.0-only
#include "architectures/registry.h"

#include <sys/utsname.h>

#include <algorithm>

namespace architectures {
namespace {

template <typename Matches>
const Architecture* findIf(const Matches& matches) {
  const auto found = std::find_if(all().begin(), all().end(),
                                  [&](const Architecture* each) { return matches(*each); });
  return found == all().end() ? nullptr : *found;
}

}  // namespace

const std::vector<const Architecture*>& all() {
  static const std::vector<const Architecture*> list = {&um(), &x86_64()};
  return list;
}

const Architecture* find(std::string_view name) {
  return findIf([&](const Architecture& each) { return each.name == name; });
}

std::string names() {
  std::string text;
  for (const Architecture* each : all()) text += (text.empty() ? "" : ", ") + each->name;
  return text;
}

std::string hostMachine() {
  utsname host{};
  ::uname(&host);
  return static_cast<const char*>(host.machine);
}

const Architecture* ofHost() {
  return findIf([host = hostMachine()](const Architecture& each) {
    return each.qemu && each.machine == host;
  });
}

}  // namespace architectures
