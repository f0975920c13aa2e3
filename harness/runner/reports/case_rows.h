// SPDX-License-Identifier: GPL-2.0
// Case rows: cases as the rows of a grid, each with the subjects that have the same outcome.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runner/base/style.h"

namespace runner {

// Outcome: all that the grid knows about one case on one subject.
template <typename Outcome>
struct CaseRow {
  std::string name;
  std::vector<std::string> subjects;
  Outcome outcome;
};

template <typename Outcome>
class CaseRows {
 public:
  // The outcome of one case and subject; rows come in the order in which these are first asked for.
  Outcome& at(const std::string& name, const std::string& subject) {
    const Key key{name, subject};
    const auto [entry, is_new] = outcomes_.try_emplace(key);
    if (is_new) order_.push_back(key);
    return entry->second;
  }

  // Subjects of a case for which same(one, other) holds share a row.
  template <typename Same>
  std::vector<CaseRow<Outcome>> merged(const Same& same) const {
    std::vector<CaseRow<Outcome>> rows;
    for (const Key& key : order_) {
      const Outcome& outcome = outcomes_.at(key);
      const auto found = std::find_if(rows.begin(), rows.end(), [&](const CaseRow<Outcome>& row) {
        return row.name == key.first && same(row.outcome, outcome);
      });
      if (found != rows.end()) {
        found->subjects.push_back(key.second);
      } else {
        rows.push_back({key.first, {key.second}, outcome});
      }
    }
    return rows;
  }

 private:
  using Key = std::pair<std::string, std::string>;  // case, subject

  std::map<Key, Outcome> outcomes_;
  std::vector<Key> order_;
};

// "plain, overlay"; where all three have the same outcome that is not worth a list.
std::string subjectsInWords(const std::vector<std::string>& subjects);

// The first columns of such a grid: the case and its subjects.
class CaseLabels {
 public:
  // used: the columns that everything behind the labels takes. Long names give way to it.
  template <typename Outcome>
  CaseLabels(const std::vector<CaseRow<Outcome>>& rows, std::size_t used, const Style& style)
      : style_(style) {
    for (const CaseRow<Outcome>& row : rows) fit(row.name, row.subjects);
    giveWayTo(used);
  }

  std::size_t columns() const { return name_columns_ + 1 + subject_columns_; }
  std::string label(const std::string& name, const std::vector<std::string>& subjects) const;

 private:
  void fit(const std::string& name, const std::vector<std::string>& subjects);
  void giveWayTo(std::size_t used);

  const Style& style_;
  std::size_t name_columns_ = 0, subject_columns_ = 0;
};

}  // namespace runner
