// SPDX-License-Identifier: GPL-2.0
#include "runner/mutants/mutant.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <system_error>
#include <tuple>
#include <utility>

#include "runner/base/failure.h"
#include "runner/base/read_file.h"
#include "runner/base/text.h"
#include "runner/results/verdict.h"
#include "runner/run/disks.h"
#include "sys/glob.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// "A1, A2" -> "A1" and "A2".
std::vector<std::string> wordsOf(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, ',');) {
    word.erase(0, word.find_first_not_of(' '));
    word.erase(word.find_last_not_of(' ') + 1);
    words.push_back(word);
  }
  return words;
}

class Reader {
 public:
  explicit Reader(fs::path file) : file_(std::move(file)) {}

  Mutant read() {
    Mutant mutant;
    mutant.name = file_.stem().string();
    mutant.patch = file_;
    readHeaders();
    mutant.requirements = wordsOf(required("Requirement"));
    mutant.mistake = required("Mistake");
    if (const auto names = optional("Filesystems")) mutant.filesystems = wordsOf(*names);
    for (const std::string& name : mutant.filesystems) {
      const auto& known = knownFilesystems();
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        fail(fmt::format("there is no filesystem '{}'", name));
      }
    }
    if (const auto what = optional("Needs")) {
      if (*what != "debug") fail("the only thing that can be needed is 'debug'");
      mutant.needs_debug = true;
    }
    if (const auto ends = optional("Kill")) {
      for (const std::string& end : wordsOf(*ends)) {
        const auto verdict = verdictNamed(end);
        if (!verdict || isOfCase(*verdict)) {
          fail(fmt::format("'{}' is nothing that befalls a machine", end));
        }
        mutant.kills.push_back(*verdict);
      }
    }
    if (!headers_.empty()) fail(fmt::format("there is no header '{}'", headers_.begin()->first));
    return mutant;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Failure(ExitStatus::usage, fmt::format("{}: {}", file_.string(), what));
  }

  // They end where the diff begins.
  void readHeaders() {
    std::istringstream in(readFile(file_));
    std::string line;
    while (std::getline(in, line) && !line.starts_with("--- ")) {
      if (line.empty()) continue;
      const auto colon = line.find(": ");
      if (colon == std::string::npos) fail(fmt::format("'{}' is no header", line));
      headers_[line.substr(0, colon)] = line.substr(colon + 2);
    }
    if (!line.starts_with("--- ")) fail("there is no diff in it");
  }

  std::optional<std::string> optional(const std::string& name) {
    const auto found = headers_.find(name);
    if (found == headers_.end()) return std::nullopt;
    std::string value = found->second;
    headers_.erase(found);
    return value;
  }

  std::string required(const std::string& name) {
    const auto value = optional(name);
    if (!value || value->empty()) fail(fmt::format("the header '{}: ' is missing", name));
    return *value;
  }

  fs::path file_;
  std::map<std::string, std::string> headers_;
};

bool means(const std::string& word, const Mutant& mutant) {
  if (word.find_first_of("*?[") != std::string::npos) return sys::matchesGlob(word, mutant.name);
  return mutant.name.find(word) != std::string::npos ||
         std::find(mutant.requirements.begin(), mutant.requirements.end(), word) !=
             mutant.requirements.end();
}

}  // namespace

std::vector<Mutant> readMutants(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".patch") files.push_back(entry.path());
  }
  if (files.empty()) {
    throw Failure(ExitStatus::usage, fmt::format("there are no mutants in {}", folder.string()));
  }
  std::vector<Mutant> mutants;
  for (const fs::path& file : files) mutants.push_back(Reader(file).read());
  // By the number of the requirement: A2 comes before A10.
  const auto order = [](const Mutant& mutant) {
    const std::string& id = mutant.requirements.front();
    return std::tuple(id.substr(0, 1), id.size(), id, mutant.name);
  };
  std::sort(mutants.begin(), mutants.end(),
            [&](const Mutant& one, const Mutant& other) { return order(one) < order(other); });
  return mutants;
}

std::vector<Mutant> chosenMutants(const std::vector<Mutant>& mutants, std::string_view filter) {
  if (filter.empty()) return mutants;
  std::vector<std::string> words;
  std::istringstream in{std::string(filter)};
  for (std::string word; std::getline(in, word, ':');) {
    if (!word.empty()) words.push_back(word);
  }
  std::vector<Mutant> chosen;
  for (const Mutant& mutant : mutants) {
    if (std::any_of(words.begin(), words.end(),
                    [&](const std::string& word) { return means(word, mutant); })) {
      chosen.push_back(mutant);
    }
  }
  if (chosen.empty()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--filter '{}' matches no mutant: `ovl-syncfs mutants --list` prints "
                              "their names",
                              filter));
  }
  return chosen;
}

}  // namespace runner
