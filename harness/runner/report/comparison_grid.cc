// SPDX-License-Identifier: GPL-2.0
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "runner/comparison.h"
#include "runner/report/grid.h"

namespace runner {
namespace {

constexpr std::size_t kCell = 4;  // columns of one verdict, at least: "FAIL"

Tone toneOf(Proof proof) {
  switch (proof) {
    case Proof::proves:
    case Proof::guards:
      return Tone::good;
    case Proof::fails:
      return Tone::bad;
    case Proof::unknown:
      return Tone::warning;
  }
  return Tone::plain;
}

// A case with the subjects that have the same verdicts, and the same meaning, on every filesystem.
struct Row {
  std::string name;
  std::vector<std::string> subjects;
  std::map<std::string, ComparedCase> by_filesystem;
};

bool sameVerdicts(const Row& one, const std::map<std::string, ComparedCase>& other) {
  return std::equal(one.by_filesystem.begin(), one.by_filesystem.end(), other.begin(), other.end(),
                    [](const auto& a, const auto& b) {
                      return a.first == b.first && a.second.off == b.second.off &&
                             a.second.on == b.second.on && a.second.proof == b.second.proof;
                    });
}

std::vector<Row> rowsOf(const RunResults& results) {
  // Cases and subjects in the order of the first machine that has them.
  std::vector<std::pair<std::string, std::string>> order;
  std::map<std::pair<std::string, std::string>, std::map<std::string, ComparedCase>> compared;
  for (const ComparedCase& each : compare(results)) {
    const std::pair key{each.name, each.subject};
    if (compared.count(key) == 0) order.push_back(key);
    compared[key].emplace(each.filesystem, each);
  }
  std::vector<Row> rows;
  for (const auto& key : order) {
    const auto same = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
      return row.name == key.first && sameVerdicts(row, compared[key]);
    });
    if (same != rows.end()) {
      same->subjects.push_back(key.second);
    } else {
      rows.push_back({key.first, {key.second}, compared[key]});
    }
  }
  return rows;
}

// "plain, overlay"; where all three have the same verdicts that is not worth a list.
std::string subjectsOf(const Row& row) {
  return row.subjects.size() > 2 ? "all of them" : listed(row.subjects);
}

std::size_t cellWidth(const std::vector<Row>& rows, const Style& style) {
  std::size_t width = kCell;
  for (const Row& row : rows) {
    for (const auto& [filesystem, compared] : row.by_filesystem) {
      width = std::max(
          {width, columnsOf(cellOf(compared.off, style)), columnsOf(cellOf(compared.on, style))});
    }
  }
  return width;
}

// What the row says about the series; "differs" when the filesystems do not agree.
std::string_view wordFor(const Row& row, Tone& tone) {
  Proof least = Proof::proves;
  bool differs = false;
  for (const auto& [filesystem, compared] : row.by_filesystem) {
    differs |= compared.proof != row.by_filesystem.begin()->second.proof;
    least = std::max(least, compared.proof);
  }
  tone = toneOf(least);
  return differs ? "differs" : nameOf(least);
}

}  // namespace

std::string comparisonGrid(const RunResults& results, const Style& style) {
  const std::vector<std::string> filesystems = filesystemsOf(results);
  const std::vector<Row> rows = rowsOf(results);
  const std::size_t cell = cellWidth(rows, style);
  const std::size_t pair = 2 * cell + 1;
  std::size_t subject_width = 0;
  std::size_t name_width = 0;
  for (const Row& row : rows) {
    subject_width = std::max(subject_width, columnsOf(subjectsOf(row)));
    name_width = std::max(name_width, columnsOf(row.name));
  }
  constexpr std::size_t kWord = 9;  // "  unknown"
  const std::size_t used = 1 + subject_width + filesystems.size() * (pair + 2) + kWord;
  name_width =
      std::min(name_width, std::max<std::size_t>(20, style.width - std::min(style.width, used)));

  std::string names(name_width + 1 + subject_width, ' ');
  std::string sides = names;
  for (const std::string& filesystem : filesystems) {
    names += "  " + centered(filesystem, pair);
    sides += "  " + centered("off", cell) + ' ' + centered("on", cell);
  }
  std::string grid =
      paint(names, Tone::strong, style) + '\n' + paint(sides, Tone::faint, style) + '\n';
  for (const Row& row : rows) {
    grid += pad(truncate(row.name, name_width, style), name_width) + ' ' +
            pad(subjectsOf(row), subject_width);
    for (const std::string& filesystem : filesystems) {
      const auto found = row.by_filesystem.find(filesystem);
      grid += "  ";
      if (found == row.by_filesystem.end()) {
        grid.append(pair, ' ');
        continue;
      }
      const ComparedCase& compared = found->second;
      grid += paint(centered(cellOf(compared.off, style), cell), toneOf(compared.off), style) +
              ' ' + paint(centered(cellOf(compared.on, style), cell), toneOf(compared.on), style);
    }
    Tone tone = Tone::plain;
    const std::string_view word = wordFor(row, tone);
    grid += "  ";
    grid += paint(word, tone, style);
    grid += '\n';
  }
  return grid;
}

}  // namespace runner
