// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Read by apt after the machine's own files, so it has the last word.
constexpr std::string_view kConfiguration = R"(Dir::Etc::SourceList "{0}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "{0}/state";
Dir::State::Lists "{0}/lists";
Dir::State::Status "/dev/null";
Dir::Cache "{0}/cache";
Dir::Log "{0}/log";
APT::Sandbox::User "root";
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Acquire::http::Proxy::127.0.0.1 "DIRECT";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
)";

std::string sourcesList(const std::vector<Suite>& suites, const Mirrors& mirrors, bool binaries,
                        const fs::path& keyring) {
  std::string text;
  for (const Suite& suite : suites) {
    const std::string rest = fmt::format("[signed-by={}] {} {} {}\n", keyring.string(),
                                         mirrors.of(suite.archive), suite.name, suite.component);
    text += "deb-src " + rest;
    if (binaries) text += "deb " + rest;
  }
  return text;
}

// apt's status lines: "dlstatus:1:52.3:Retrieving file 1 of 1" with a percentage.
void showStatus(std::string_view line, Progress& progress) {
  const auto number = line.find(':', std::string_view("dlstatus:").size());
  if (number == std::string_view::npos) return;
  double percent = 0;
  const char* const begin = line.data() + number + 1;
  if (std::from_chars(begin, line.data() + line.size(), percent).ec == std::errc()) {
    progress.advance(percent / 100, "");
  }
}

// What apt's complaints mean, most telling first, and what to do.
struct Diagnosis {
  std::string_view sign, meaning, advice;
};
constexpr std::array<Diagnosis, 19> kDiagnoses{{
    {"No space left on device", "the disk is full",
     "Free some space, or set XDG_CACHE_HOME to a folder on a larger disk."},
    {"enough free space", "the disk is full",
     "Free some space, or set XDG_CACHE_HOME to a folder on a larger disk."},
    {"NO_PUBKEY", "it is signed with a key that is not in the keyring",
     "Bring the package debian-archive-keyring up to date."},
    {"EXPKEYSIG", "it is signed with a key that has expired",
     "Bring the package debian-archive-keyring up to date."},
    {"BADSIG", "its signature is wrong", "Do not trust this mirror."},
    {"signatures were invalid", "its signature is wrong", "Do not trust this mirror."},
    {"Signed file isn't valid", "what answers there is no archive",
     "A proxy or a login page may stand between: look at Acquire::http::Proxy in apt.conf."},
    {"is not signed", "it is not signed", "Do not trust this mirror."},
    {"Hash Sum mismatch", "what came is not what the archive signed",
     "Try again; a mirror that is being updated passes through this."},
    {"expired", "its lists are out of date", "Check this machine's clock."},
    {"is not valid yet", "its lists are from the future", "Check this machine's clock."},
    {"Could not resolve", "its name cannot be resolved", "Check the network, or the proxy."},
    {"failure resolving", "its name cannot be resolved", "Check the network, or the proxy."},
    {"Could not connect", "it cannot be reached", "Check the network, or the proxy."},
    {"Cannot initiate the connection", "it cannot be reached", "Check the network, or the proxy."},
    {"Unable to connect", "it cannot be reached", "Check the network, or the proxy."},
    {"onnection", "the connection breaks off", "Check the network, or the proxy."},
    {"does not have a Release file", "it has no such suite",
     "The mirror may carry only a part of Debian's archive."},
    {"404", "it does not hold a file that it lists", "Try again later, or another mirror."},
}};

}  // namespace

Archive::Archive(fs::path folder, const std::vector<Suite>& suites, Mirrors mirrors, bool binaries,
                 fs::path keyring)
    : folder_(std::move(folder)), mirrors_(std::move(mirrors)), keyring_(std::move(keyring)) {
  std::error_code error;
  for (const char* name : {"lists/partial", "cache/archives/partial", "state"}) {
    fs::create_directories(folder_ / name, error);
    if (error) throw writeFailure(folder_ / name, error.value());
  }
  writeFileAtomically(folder_ / "apt.conf", fmt::format(kConfiguration, folder_.string()));
  writeFileAtomically(folder_ / "sources.list", sourcesList(suites, mirrors_, binaries, keyring_));
}

Archive::Answer Archive::apt(std::vector<std::string> arguments, const fs::path& directory,
                             Progress* progress) const {
  arguments.insert(arguments.begin() + 1, {"-c", (folder_ / "apt.conf").string()});
  sys::Command command;
  command.arguments = std::move(arguments);
  command.directory = directory;
  command.environment = {{"LC_ALL", "C"}};
  Answer answer;
  const sys::Exit exit = runLines(command, [&](std::string_view line) {
    if (line.starts_with("dlstatus:")) {
      if (progress != nullptr) showStatus(line, *progress);
    } else {
      answer.lines.emplace_back(line);
    }
  });
  answer.ok = exit.ok();
  return answer;
}

void Archive::fail(const std::string& doing, const Answer& answer) const {
  const std::string where = fmt::format("Debian's archive ({})", mirrors_.debian);
  for (const Diagnosis& diagnosis : kDiagnoses) {
    for (const std::string& line : answer.lines) {
      if (line.find(diagnosis.sign) == std::string::npos || line.starts_with("Get:")) continue;
      throw Failure(ExitStatus::environment,
                    fmt::format("cannot {} from {}: {}.\napt says: {}\n{}", doing, where,
                                diagnosis.meaning, line, diagnosis.advice));
    }
  }
  std::string said = answer.lines.empty() ? "nothing" : answer.lines.back();
  for (const std::string& line : answer.lines) {
    if (line.starts_with("E:")) {
      said = line;
      break;
    }
  }
  throw Failure(ExitStatus::environment,
                fmt::format("cannot {} from {}.\napt says: {}", doing, where, said));
}

void Archive::update(Progress& progress) {
  std::error_code error;
  if (!fs::exists(keyring_, error)) {
    throw Failure(ExitStatus::environment,
                  fmt::format("{} is missing, so the archive's signature cannot be checked: "
                              "apt-get install debian-archive-keyring",
                              keyring_.string()));
  }
  progress.step("look for the newest release in Debian's archive");
  Answer answer = apt({"apt-get", "-q", "-o", "APT::Status-Fd=1", "update"}, folder_, &progress);
  // Older versions of apt call an update good that fetched a part only.
  const bool complete =
      std::none_of(answer.lines.begin(), answer.lines.end(), [](const auto& line) {
        return line.starts_with("Err:") || line.starts_with("W: Failed to fetch");
      });
  if (!answer.ok || !complete) fail("fetch the list of packages", answer);
}

std::vector<std::string> Archive::versions(const std::vector<std::string>& query) const {
  std::set<std::string> found;
  for (const std::string& line : apt(query, folder_, nullptr).lines) {
    if (line.starts_with("Version: ")) found.insert(line.substr(std::string("Version: ").size()));
  }
  return {found.begin(), found.end()};
}

std::vector<std::string> Archive::sourceVersions(const std::string& package) const {
  return versions({"apt-cache", "showsrc", "--only-source", package});
}

std::vector<std::string> Archive::binaryVersions(const std::string& package) const {
  return versions({"apt-cache", "show", "--all-versions", package});
}

std::optional<fs::path> Archive::download(std::vector<std::string> arguments, const fs::path& into,
                                          Progress& progress) const {
  const Answer answer = apt(std::move(arguments), into, &progress);
  if (answer.ok) {
    for (const auto& entry : fs::directory_iterator(into)) {
      if (entry.is_regular_file()) return entry.path();
    }
  }
  // The archive is there and answers, but this file isn't; other troubles are no such answer.
  const bool gone = std::any_of(answer.lines.begin(), answer.lines.end(), [](const auto& line) {
    return line.starts_with("E: Failed to fetch") &&
           (line.find("404  Not Found") != std::string::npos ||
            line.find("(2: No such file or directory)") != std::string::npos);
  });
  if (gone) return std::nullopt;
  fail("download the kernel's source", answer);
}

std::optional<fs::path> Archive::downloadTarball(const std::string& package,
                                                 const std::string& version, const fs::path& into,
                                                 Progress& progress) const {
  return download({"apt-get", "-q", "-o", "APT::Status-Fd=1", "source", "--only-source",
                   "--download-only", "--tar-only", package + '=' + version},
                  into, progress);
}

std::optional<fs::path> Archive::downloadBinary(const std::string& package,
                                                const std::string& version, const fs::path& into,
                                                Progress& progress) const {
  return download({"apt-get", "-q", "-o", "APT::Status-Fd=1", "download", package + '=' + version},
                  into, progress);
}

}  // namespace runner
