// SPDX-License-Identifier: GPL-2.0-only
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

// Read by apt after the host's own configuration, so these settings win.
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

// apt's error messages, most specific first: what they mean and what to do. Signatures are checked
// by gpgv for apt 2 and by sqv for apt 3, which words its messages differently.
struct Diagnosis {
  std::array<std::string_view, 3> signs;
  std::string_view meaning, advice;
};
constexpr std::array<Diagnosis, 14> kDiagnoses{{
    {{"No space left on device", "enough free space"},
     "the disk is full",
     "Free some space, or set XDG_CACHE_HOME to a directory on a larger disk."},
    {{"NO_PUBKEY", "Missing key"},
     "it is signed with a key that is not in the keyring",
     "Update the package debian-archive-keyring."},
    {{"EXPKEYSIG", "Expired on"},
     "it is signed with a key that has expired",
     "Update the package debian-archive-keyring."},
    {{"signatures were invalid", "signature verification failed"},
     "its signature is invalid",
     "Do not trust this mirror."},
    {{"Clearsigned file isn't valid"},
     "the reply is not from a Debian archive",
     "A proxy or a login page may have answered instead: check Acquire::http::Proxy in apt.conf."},
    {{"is not signed"}, "it is not signed", "Do not trust this mirror."},
    {{"Hash Sum mismatch", "unexpected size"},
     "a downloaded file does not match its signed checksum",
     "Try again; this also happens while a mirror is being updated."},
    {{"expired"}, "its lists are out of date", "Check the host's clock."},
    {{"is not valid yet"}, "its lists are dated in the future", "Check the host's clock."},
    {{"Could not resolve", "failure resolving"},
     "its name cannot be resolved",
     "Check the network, or the proxy."},
    {{"Could not connect", "Cannot initiate the connection", "Unable to connect"},
     "it cannot be reached",
     "Check the network, or the proxy."},
    {{"onnection"}, "the connection was lost", "Check the network, or the proxy."},
    {{"does not have a Release file"},
     "it has no such suite",
     "The mirror may carry only part of Debian's archive."},
    {{"404"}, "it lists a file that it does not have", "Try again later, or use another mirror."},
}};

bool fits(const Diagnosis& diagnosis, std::string_view line) {
  return !line.starts_with("Get:") && std::ranges::any_of(diagnosis.signs, [&](auto sign) {
    return !sign.empty() && line.contains(sign);
  });
}

}  // namespace

Archive::Archive(fs::path directory, const std::vector<Suite>& suites, Mirrors mirrors,
                 bool binaries, fs::path keyring)
    : directory_(std::move(directory)), mirrors_(std::move(mirrors)), keyring_(std::move(keyring)) {
  std::error_code error;
  for (const char* name : {"lists/partial", "cache/archives/partial", "state"}) {
    fs::create_directories(directory_ / name, error);
    if (error) throw writeFailure(directory_ / name, error.value());
  }
  writeFileAtomically(directory_ / "apt.conf", fmt::format(kConfiguration, directory_.string()));
  writeFileAtomically(directory_ / "sources.list",
                      sourcesList(suites, mirrors_, binaries, keyring_));
}

Archive::Answer Archive::apt(std::vector<std::string> arguments, const fs::path& directory,
                             Progress* progress) const {
  arguments.insert(arguments.begin() + 1, {"-c", (directory_ / "apt.conf").string()});
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
  const auto& lines = answer.lines;
  const std::string what =
      fmt::format("cannot {} from Debian's archive ({})", doing, mirrors_.debian);
  for (const Diagnosis& diagnosis : kDiagnoses) {
    const auto line =
        std::ranges::find_if(lines, [&](auto& each) { return fits(diagnosis, each); });
    if (line == lines.end()) continue;
    throw Failure(ExitStatus::environment, "{}: {}.\napt says: {}\n{}", what, diagnosis.meaning,
                  *line, diagnosis.advice);
  }
  const auto error = std::ranges::find_if(lines, [](auto& each) { return each.starts_with("E:"); });
  const std::string said = lines.empty() ? "nothing" : error != lines.end() ? *error : lines.back();
  throw Failure(ExitStatus::environment, "{}.\napt says: {}", what, said);
}

void Archive::update(Progress& progress) {
  std::error_code error;
  if (!fs::exists(keyring_, error)) {
    throw Failure(ExitStatus::environment,
                  "{} is missing, so the archive's signature cannot be checked: "
                  "apt-get install debian-archive-keyring",
                  keyring_.string());
  }
  progress.step("look for the newest release in Debian's archive");
  Answer answer = apt({"apt-get", "-q", "-o", "APT::Status-Fd=1", "update"}, directory_, &progress);
  // Older versions of apt-get report success for a partial update.
  const bool partial = std::ranges::any_of(answer.lines, [](const std::string& line) {
    return line.starts_with("Err:") || line.starts_with("W: Failed to fetch");
  });
  if (!answer.ok || partial) fail("fetch the list of packages", answer);
}

std::set<std::string> Archive::versions(Package kind, const std::string& name) const {
  std::vector<std::string> query = {"apt-cache", "show", "--all-versions", name};
  if (kind == Package::source) query = {"apt-cache", "showsrc", "--only-source", name};
  constexpr std::string_view kStart = "Version: ";
  std::set<std::string> found;
  for (const std::string& line : apt(std::move(query), directory_, nullptr).lines) {
    if (line.starts_with(kStart)) found.insert(line.substr(kStart.size()));
  }
  return found;
}

std::optional<fs::path> Archive::download(Package kind, const std::string& name,
                                          const std::string& version, const fs::path& into,
                                          Progress& progress) const {
  std::vector<std::string> arguments = {"apt-get", "-q", "-o", "APT::Status-Fd=1", "download"};
  if (kind == Package::source) {
    arguments.back() = "source";
    arguments.insert(arguments.end(), {"--only-source", "--download-only", "--tar-only"});
  }
  arguments.push_back(name + '=' + version);
  const Answer answer = apt(std::move(arguments), into, &progress);
  if (answer.ok) {
    for (const auto& entry : fs::directory_iterator(into)) {
      if (entry.is_regular_file()) return entry.path();
    }
  }
  // Only a missing file means "gone"; any other error is reported.
  const bool gone = std::ranges::any_of(answer.lines, [](const std::string& line) {
    return line.starts_with("E: Failed to fetch") &&
           (line.contains("404  Not Found") || line.contains("(2: No such file or directory)"));
  });
  if (gone) return std::nullopt;
  fail("download the kernel's source", answer);
}

Mirrors hostMirrors(const fs::path& apt_directory) {
  std::optional<std::string> debian, security;
  // 'http://deb.debian.org/debian/dists/trixie/InRelease' deb.debian.org_... 0
  const auto read = [&](std::string_view line) {
    const auto end = line.find("/dists/");
    if (!line.starts_with("'http://") && !line.starts_with("'https://")) return;
    if (end == std::string_view::npos) return;
    const std::string uri(line.substr(1, end - 1));
    if (uri.ends_with("/debian-security") || uri.ends_with("//security.debian.org")) {
      if (!security) security = uri;
    } else if (uri.ends_with("/debian")) {
      if (!debian) debian = uri;
    }
  };
  // Let apt parse its own formats. This downloads nothing.
  if (hasTool("apt-get")) {
    runLines({{"apt-get", "update", "--print-uris", "-o",
               "Dir::Etc::SourceList=" + (apt_directory / "sources.list").string(), "-o",
               "Dir::Etc::SourceParts=" + (apt_directory / "sources.list.d").string()}},
             read);
  }
  const Mirrors standard;
  return {debian.value_or(standard.debian), security.value_or(standard.security)};
}

std::string upstreamOf(std::string_view version) {
  version.remove_prefix(version.find(':') + 1);  // without an epoch: npos + 1 is 0
  return std::string(version.substr(0, version.rfind('-')));
}

bool olderVersion(const std::string& left, const std::string& right) {
  return runLines({{"dpkg", "--compare-versions", left, "lt", right}}, [](std::string_view) {})
      .ok();
}

bool belongsTo(std::string_view upstream, std::string_view tree) {
  if (!upstream.starts_with(tree)) return false;
  upstream.remove_prefix(tree.size());
  return upstream.empty() || upstream.starts_with('.') || upstream.starts_with('~');
}

}  // namespace runner
