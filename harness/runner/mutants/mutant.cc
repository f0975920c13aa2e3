// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/mutant.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "filesystems/registry.h"
#include "requirements/requirements.h"
#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "runner/results/verdict.h"
#include "sys/glob.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

bool contains(const auto& list, const auto& value) {
  return std::ranges::find(list, value) != std::ranges::end(list);
}

// "6.12" -> 6 and 12.
std::pair<unsigned, unsigned> numbersOf(std::string_view release) {
  std::istringstream in{std::string(release)};
  std::pair<unsigned, unsigned> numbers;
  char dot = 0;
  if (in >> numbers.first >> dot >> numbers.second && dot == '.' && in.peek() == EOF)
    return numbers;
  throw std::invalid_argument(fmt::format("'{}' is not a release", release));
}

// "A1, A2" -> "A1" and "A2".
std::vector<std::string> wordsOf(std::string text) {
  std::erase(text, ' ');
  return splitAtCommas(text);
}

// A file and its parsed headers.
class MutantFile {
 public:
  MutantFile(const fs::path& file, const Tree& tree) {
    mutant_.patch = file;
    const std::string stem = file.stem().string();
    mutant_.name = stem.substr(0, stem.find('@'));
    try {
      auto headers = readHeaders();
      read(headers, tree);
      if (!headers.empty()) fail(fmt::format("unknown header '{}'", headers.begin()->first));
    } catch (const std::invalid_argument& wrong) {
      fail(wrong.what());
    }
  }

  const Mutant& mutant() const { return mutant_; }

  [[noreturn]] void fail(const std::string& what) const {
    throw Failure(ExitStatus::usage, fmt::format("{}: {}", mutant_.patch.string(), what));
  }

 private:
  using Headers = std::map<std::string, std::string>;

  // The headers end at the diff.
  Headers readHeaders() const {
    Headers headers;
    std::istringstream in(readFile(mutant_.patch));
    std::string line;
    while (std::getline(in, line) && !line.starts_with("--- ")) {
      if (line.empty()) continue;
      const auto colon = line.find(": ");
      if (colon == std::string::npos) fail(fmt::format("'{}' is not a header", line));
      headers[line.substr(0, colon)] = line.substr(colon + 2);
    }
    if (!line.starts_with("--- ")) fail("it contains no diff");
    return headers;
  }

  void read(Headers& headers, const Tree& tree) {
    const auto take = [&](const std::string& name) {
      const auto header = headers.extract(name);
      return header.empty() ? "" : header.mapped();
    };
    const auto need = [&](const std::string& name) {
      std::string value = take(name);
      if (value.empty()) fail(fmt::format("the header '{}:' is missing", name));
      return value;
    };
    mutant_.requirements = wordsOf(need("Requirement"));
    for (const std::string& id : mutant_.requirements) {
      if (!contains(requirements::idsOf(id), id)) fail(fmt::format("unknown requirement '{}'", id));
    }
    mutant_.mistake = need("Mistake");
    if (const std::string names = take("Filesystems"); !names.empty()) {
      mutant_.filesystems = wordsOf(names);
    }
    for (const std::string& name : mutant_.filesystems) {
      if (!contains(filesystems::names(), name)) fail(fmt::format("unknown filesystem '{}'", name));
    }
    const std::string needs = take("Needs");
    mutant_.needs_debug = needs == "debug";
    if (!needs.empty() && !mutant_.needs_debug) fail("the header 'Needs:' can only be 'debug'");
    if (const std::string kills = take("Kill"); !kills.empty()) {
      for (const std::string& end : wordsOf(kills)) {
        const auto verdict = verdictNamed(end);
        if (!verdict || isOfCase(*verdict)) {
          fail(fmt::format("'{}' is not a verdict of a machine", end));
        }
        mutant_.kills.push_back(*verdict);
      }
    }
    if (const std::string range = take("Releases"); !range.empty()) {
      if (!isInReleases(range, tree.version)) mutant_.misfit = "it is only for releases " + range;
    }
    if (const std::string series = take("Series"); !series.empty() && !tree.applies(series)) {
      mutant_.misfit = fmt::format("it is for {}, which is not applied", series);
    }
    if (contains(tree.left_out, mutant_.requirements.front())) {
      mutant_.misfit = fmt::format("{} belongs to a series that {} does not have",
                                   mutant_.requirements.front(), tree.name);
    }
  }

  Mutant mutant_;
};

bool means(const std::string& word, const Mutant& mutant) {
  if (word.find_first_of("*?[") != std::string::npos) return sys::matchesGlob(word, mutant.name);
  return mutant.name.find(word) != std::string::npos || contains(mutant.requirements, word);
}

}  // namespace

bool isInReleases(std::string_view range, std::string_view release) {
  const auto dash = range.find('-');
  if (dash == std::string_view::npos || range == "-") {
    throw std::invalid_argument(fmt::format("'{}' is not a range of releases", range));
  }
  const std::string_view first = range.substr(0, dash), last = range.substr(dash + 1);
  const auto wanted = numbersOf(release);
  const bool late_enough = first.empty() || numbersOf(first) <= wanted;
  return (last.empty() || wanted <= numbersOf(last)) && late_enough;
}

std::vector<Mutant> readMutants(const fs::path& directory, const Tree& tree) {
  // Sort by number: A2 before A10.
  using Order = std::tuple<std::string, std::size_t, std::string, std::string>;
  std::map<Order, Mutant> mutants;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() != ".patch") continue;
    const MutantFile file(entry.path(), tree);
    const std::string& id = file.mutant().requirements.front();
    const auto [place, is_new] = mutants.try_emplace(
        Order(id.substr(0, 1), id.size(), id, file.mutant().name), file.mutant());
    Mutant& known = place->second;
    if (is_new) continue;
    if (known.misfit.empty() && file.mutant().misfit.empty()) {
      file.fail(fmt::format("{} is also for {}", known.patch.filename().string(), tree.version));
    }
    if (!known.misfit.empty()) known = file.mutant();
  }
  if (mutants.empty()) {
    throw Failure(ExitStatus::usage, fmt::format("there are no mutants in {}", directory.string()));
  }
  std::vector<Mutant> list;
  for (auto& [order, mutant] : mutants) list.push_back(std::move(mutant));
  return list;
}

std::vector<Mutant> chosenMutants(const std::vector<Mutant>& mutants, std::string_view filter) {
  if (filter.empty()) return mutants;
  std::vector<Mutant> chosen;
  std::ranges::copy_if(mutants, std::back_inserter(chosen), [&](const Mutant& mutant) {
    return std::ranges::any_of(splitAt(':', filter), [&](const std::string& word) {
      return !word.empty() && means(word, mutant);
    });
  });
  if (chosen.empty()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--filter '{}' matches no mutant: `ovl-syncfs mutants --list` prints "
                              "their names",
                              filter));
  }
  return chosen;
}

}  // namespace runner
