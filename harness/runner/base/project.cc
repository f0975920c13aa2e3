// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/project.h"

#include <cstdlib>

#include "runner/base/failure.h"
#include "sys/child_process.h"
#include "sys/setup_error.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

fs::path fromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Project Project::find() {
  std::error_code error;
  Project project{fromEnvironment("OVL_SYNCFS_ROOT"), fromEnvironment("OVL_SYNCFS_GUEST"),
                  fs::read_symlink("/proc/self/exe", error)};
  const fs::path directory = project.program.parent_path();
  if (project.root.empty()) project.root = directory.parent_path().parent_path();
  if (project.guest.empty()) project.guest = directory / "guest";
  if (!fs::exists(project.root / "kernel-overlay", error)) {
    throw Failure(ExitStatus::environment,
                  "{} is not a checkout of this project: it has no directory kernel-overlay. "
                  "Run ./ovl-syncfs in the checkout, or set OVL_SYNCFS_ROOT",
                  project.root.string());
  }
  return project;
}

std::string Project::version() const {
  try {
    const sys::Output output = sys::runCommand(
        {.arguments = {"git", "-C", root.string(), "describe", "--always", "--dirty"}});
    if (output.exit.ok()) return output.text.substr(0, output.text.find('\n'));
  } catch (const sys::SetupError&) {
    // Without git: a release without its history.
  }
  return "unknown";
}

}  // namespace runner
