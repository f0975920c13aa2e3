// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/patch_fit.h"
#include "runner/mutants/rules.h"
#include "sys/child_process.h"
#include "sys/glob.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kContext = 3;  // lines around a hunk

std::vector<std::string> linesOf(std::string_view text) {
  std::vector<std::string> lines = splitAt('\n', text);
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::vector<std::size_t> addedLines(const fs::path& before, const fs::path& after) {
  std::error_code error;
  const fs::path old = fs::exists(before, error) ? before : fs::path("/dev/null");
  const sys::Output output =
      sys::runCommand({{findTool("diff").string(), "--old-line-format=", "--unchanged-line-format=",
                        "--new-line-format=%dn ", old.string(), after.string()}});
  if (output.exit.code > 1) throw Failure(ExitStatus::environment, output.text);
  std::istringstream numbers(output.text);
  std::vector<std::size_t> added;
  for (std::size_t number = 0; numbers >> number;) added.push_back(number);
  return added;
}

// What each patch changes in a file, in their order, with the name of its series.
std::vector<std::pair<std::string, std::string>> changesOf(const std::string& file,
                                                           const Series& series) {
  std::vector<std::pair<std::string, std::string>> changes;
  const std::string mark = "\n+++ b/" + file + '\n';
  for (const fs::path& patch : series.patches) {
    const std::string text = readFile(patch);
    const auto begin = text.find(mark);
    if (begin == std::string::npos) continue;
    changes.emplace_back(patch.parent_path().filename().string(),
                         text.substr(begin, text.find("\n--- ", begin) - begin));
  }
  return changes;
}

// "a" of "a-syncfs".
std::string shortNameOf(const std::string& series) {
  return series.substr(0, series.find('-'));
}

}  // namespace

std::vector<PatchedFile> patchedFiles(const fs::path& pristine, const fs::path& patched,
                                      const Series& series) {
  std::vector<PatchedFile> files;
  for (const std::string& name : touchedFiles(series.patches)) {
    const std::string extension = fs::path(name).extension().string();
    std::error_code error;
    if ((extension != ".c" && extension != ".h") || !fs::exists(patched / name, error)) continue;
    PatchedFile file{name, readFile(patched / name), {}};
    const std::vector<std::string> lines = linesOf(file.text);
    const auto changes = changesOf(name, series);
    for (const std::size_t number : addedLines(pristine / name, patched / name)) {
      // The last series that has it; of a line that moved, none may.
      const auto has = [&](const auto& each) {
        return each.second.contains("\n+" + lines.at(number - 1) + '\n');
      };
      const auto found = std::find_if(changes.rbegin(), changes.rend(), has);
      file.added[number] = found == changes.rend() ? series.names.front() : found->first;
    }
    files.push_back(std::move(file));
  }
  return files;
}

std::vector<GeneratedMutant> mutantsOf(const PatchedFile& file) {
  std::set<std::size_t> added;
  for (const auto& [line, series] : file.added) added.insert(line);
  std::map<std::string, int> alike;
  std::vector<GeneratedMutant> mutants;
  for (Change& change : changesIn(file.text, added)) {
    const auto before = file.text.begin();
    const auto at = before + static_cast<std::ptrdiff_t>(change.edits.front().range.begin);
    const auto line = static_cast<std::size_t>(std::count(before, at, '\n')) + 1;
    // An edit may begin at the end of the line before.
    const auto series = file.added.lower_bound(line);
    const std::string beginning =
        fmt::format("gen-{}-{}-{}-{}", shortNameOf(series->second),
                    fs::path(file.name).filename().string(), change.function, change.rule);
    mutants.push_back({fmt::format("{}-{}", beginning, ++alike[beginning]),
                       std::move(change.mistake), file.name,
                       withEdits(file.text, std::move(change.edits))});
  }
  return mutants;
}

std::vector<GeneratedMutant> mutantsOf(const std::vector<PatchedFile>& files) {
  std::vector<GeneratedMutant> mutants;
  for (const PatchedFile& file : files) {
    for (GeneratedMutant& mutant : mutantsOf(file)) mutants.push_back(std::move(mutant));
  }
  return mutants;
}

std::vector<GeneratedMutant> chosenMutants(const std::vector<GeneratedMutant>& mutants,
                                           std::string_view filter) {
  if (filter.empty()) return mutants;
  const std::vector<std::string> words = splitAt(':', filter);
  std::vector<GeneratedMutant> chosen;
  std::ranges::copy_if(mutants, std::back_inserter(chosen), [&](const GeneratedMutant& mutant) {
    return std::ranges::any_of(words, [&](const std::string& word) {
      const bool pattern = word.find_first_of("*?[") != std::string::npos;
      return pattern ? sys::matchesGlob(word, mutant.name)
                     : !word.empty() && mutant.name.contains(word);
    });
  });
  if (chosen.empty()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--filter '{}' matches no mutant: `ovl-syncfs mutants --generate "
                              "--list` prints their names",
                              filter));
  }
  return chosen;
}

std::string patchOf(const GeneratedMutant& mutant, std::string_view before) {
  const std::vector<std::string> old = linesOf(before), now = linesOf(mutant.text);
  // Both have as many lines, so one hunk from the first that differs to the last is enough.
  const auto first = static_cast<std::size_t>(std::ranges::mismatch(old, now).in1 - old.begin());
  std::size_t end = old.size();
  while (end > first && old[end - 1] == now.at(end - 1)) --end;
  const std::size_t begin = first - std::min(first, kContext);
  const std::size_t rest = std::min(end + kContext, old.size());
  std::string hunk =
      fmt::format("{}\n\n--- a/{}\n+++ b/{}\n@@ -{},{} +{},{} @@\n", mutant.mistake, mutant.file,
                  mutant.file, begin + 1, rest - begin, begin + 1, rest - begin);
  const auto add = [&](char mark, const std::vector<std::string>& lines, std::size_t from,
                       std::size_t to) {
    for (std::size_t i = from; i < to; ++i) hunk += mark + lines.at(i) + '\n';
  };
  add(' ', old, begin, first);
  add('-', old, first, end);
  add('+', now, first, end);
  add(' ', old, end, rest);
  return hunk;
}

}  // namespace runner
