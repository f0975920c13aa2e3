// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/modules.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "sys/descriptor.h"

namespace conformance {
namespace {

// 0, or an errno.
int loadModule(const std::string& path, const std::string& parameters) {
  const sys::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return errno;
  return ::syscall(SYS_finit_module, file.get(), parameters.c_str(), 0) == 0 ? 0 : errno;
}

}  // namespace

std::vector<std::string> loadModules() {
  std::vector<std::string> failed;
  std::ifstream list(kModuleList);
  for (std::string line; std::getline(list, line);) {
    std::istringstream fields(line);
    std::string importance, path, parameters;
    fields >> importance >> path >> std::ws;
    std::getline(fields, parameters);
    const int error = loadModule(path, parameters);
    if (error == 0 || error == EEXIST || importance != "need") continue;
    failed.push_back("the module " + path.substr(path.rfind('/') + 1) +
                     " does not load: " + std::strerror(error));
  }
  return failed;
}

}  // namespace conformance
