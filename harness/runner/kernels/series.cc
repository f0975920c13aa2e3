// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "runner/base/cache.h"
#include "runner/base/failure.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

std::string trimmed(std::string text) {
  text.erase(std::min(text.find('#'), text.size()));
  const auto last = text.find_last_not_of(" \t\r\n");
  text.erase(last == std::string::npos ? 0 : last + 1);
  text.erase(0, text.find_first_not_of(" \t"));
  return text;
}

// The diff without what is in Documentation/: what is said elsewhere makes no other kernel.
std::string codeOf(const std::string& patch) {
  constexpr std::string_view kFile = "\ndiff --git a/";
  constexpr std::string_view kDocumentation = "Documentation/";
  const std::string text = '\n' + patch;
  auto from = text.find(kFile);
  if (from == std::string::npos) {
    const auto diff = text.find("\n--- ");
    return diff == std::string::npos ? text : text.substr(diff);
  }
  std::string code;
  while (from != std::string::npos) {
    const auto end = text.find(kFile, from + 1);
    if (!text.substr(from + kFile.size()).starts_with(kDocumentation)) {
      code += text.substr(from, end - from);
    }
    from = end;
  }
  return code;
}

std::string hashOf(const std::vector<fs::path>& patches) {
  std::string contents;
  for (const fs::path& patch : patches) contents += hashOfText(codeOf(readFile(patch))) + '\n';
  return hashOfText(contents);
}

}  // namespace

std::string Series::label() const {
  return names.empty() ? "off" : fmt::format("{}", fmt::join(names, "+"));
}

std::string Series::imageLabel() const {
  if (!whole) return fmt::format("{}+first-{}", label(), patches.size());
  return mutant.empty() ? label() : label() + std::string(kMutantMark) + mutant;
}

std::string Series::kconfigHashes() const {
  std::string hashes;
  for (const fs::path& patch : patches) {
    const std::string text = readFile(patch);
    if (text.contains("Kconfig")) hashes += hashOfText(text);
  }
  return hashes;
}

std::string Series::description() const {
  if (patches.empty()) return "off";
  const std::size_t count = patches.size() - (mutant.empty() ? 0 : 1);
  if (!whole) {
    return count == 1 ? label() + " (only the first patch)"
                      : fmt::format("{} (only the first {} patches)", label(), count);
  }
  std::string text = fmt::format("{} ({} patch{})", label(), count, count == 1 ? "" : "es");
  if (!mutant.empty()) text += " and the mutant " + mutant;
  return text;
}

Series readSeries(const std::vector<fs::path>& directories) {
  Series series;
  for (const fs::path& directory : directories) {
    series.names.push_back(directory.filename().string());
    const std::size_t before = series.patches.size();
    std::ifstream in(directory / "series");
    if (!in) {
      throw Failure(ExitStatus::build,
                    "{} is missing: it lists the patches in their "
                    "order",
                    (directory / "series").string());
    }
    int number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      const std::string name = trimmed(line);
      if (name.empty()) continue;
      std::error_code error;
      if (!fs::is_regular_file(directory / name, error)) {
        throw Failure(ExitStatus::build, "{}:{}: there is no patch {}",
                      (directory / "series").string(), number, name);
      }
      series.patches.push_back(directory / name);
    }
    if (series.patches.size() == before) {
      throw Failure(ExitStatus::build, "{} lists no patches", (directory / "series").string());
    }
  }
  series.hash = hashOf(series.patches);
  return series;
}

Series firstPatches(Series series, std::size_t count) {
  series.whole = count >= series.patches.size();
  if (series.whole) return series;
  series.patches.resize(count);
  series.hash = hashOf(series.patches);
  return series;
}

std::string baseOf(const fs::path& patches) {
  constexpr std::string_view kStart = "linux-";
  const std::string text = trimmed(readFile(patches / "BASE"));
  if (text.starts_with(kStart) && !text.contains('\n')) {
    return text.substr(kStart.size());
  }
  throw Failure(ExitStatus::build,
                "{} must be one line, such as linux-7.3.4: the "
                "release that the series were made on",
                (patches / "BASE").string());
}

Series withMutant(Series series, const fs::path& patch) {
  series.mutant = patch.stem().string();
  series.mutant.resize(std::min(series.mutant.find('@'), series.mutant.size()));
  series.patches.push_back(patch);
  series.hash = hashOf(series.patches);
  return series;
}

}  // namespace runner
