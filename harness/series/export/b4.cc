// SPDX-License-Identifier: GPL-2.0-only
#include "series/export/b4.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "runner/base/disk_space.h"
#include "runner/kernels/build_tools.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Environment variables that add to git's configuration, also for programs that call git.
std::map<std::string, std::string> configuration(const Settings& settings) {
  // After what the caller has added in the same way.
  const char* count = std::getenv("GIT_CONFIG_COUNT");
  int number = count == nullptr ? 0 : std::max(0, std::atoi(count));
  std::map<std::string, std::string> environment = {{"LC_ALL", "C.UTF-8"}};
  for (const auto& [key, value] : settings) {
    environment[fmt::format("GIT_CONFIG_KEY_{}", number)] = key;
    environment[fmt::format("GIT_CONFIG_VALUE_{}", number++)] = value;
  }
  environment["GIT_CONFIG_COUNT"] = std::to_string(number);
  return environment;
}

}  // namespace

void runB4(const GitTree& git, std::vector<std::string> arguments, const Settings& settings,
           const std::map<std::string, std::string>& environment) {
  const std::string what = fmt::format("b4 {}", fmt::join(arguments, " "));
  arguments.insert(arguments.begin(), findTool("b4").string());
  auto all = configuration(settings);
  all.insert(environment.begin(), environment.end());
  const sys::Output output = git.run(arguments, all);
  if (output.exit.ok()) return;
  throw Failure(ExitStatus::environment,
                fmt::format("`{}` in {} failed:\n{}", what, git.path().string(), output.text));
}

void requireDirectoryForMails(const fs::path& directory) {
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_directory(directory, error)) {
    throw Failure(ExitStatus::usage, fmt::format("--to {} is not a directory", directory.string()));
  }
  if (fs::is_directory(directory, error) && !fs::is_empty(directory, error)) {
    throw Failure(ExitStatus::usage, fmt::format("--to {}: the directory is not empty; name an "
                                                 "empty directory, or a new one",
                                                 directory.string()));
  }
}

std::vector<std::string> writeMails(const GitTree& git, const fs::path& directory) {
  requireDirectoryForMails(directory);
  makeDirectories(directory);
  std::error_code error;
  // Not a mail server, so that b4 cannot send anything even by mistake.
  runB4(git, {"send", "--no-sign", "--output-dir", fs::absolute(directory, error).string()},
        {{"sendemail.smtpserver", "/bin/false"},
         {"diff.noprefix", "false"},
         {"diff.mnemonicPrefix", "false"}});
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  if (names.empty()) {
    throw Failure(ExitStatus::environment,
                  fmt::format("b4 wrote no mails to {}", directory.string()));
  }
  return names;
}

}  // namespace runner
