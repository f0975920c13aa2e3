// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/case_rows.h"

#include "runner/base/words.h"

namespace runner {
namespace {

constexpr std::size_t kShortestName = 20;

}  // namespace

std::string subjectsInWords(const std::vector<std::string>& subjects) {
  return subjects.size() > 2 ? "all of them" : listed(subjects);
}

std::string CaseLabels::label(const std::string& name,
                              const std::vector<std::string>& subjects) const {
  return pad(truncate(name, name_columns_, style_), name_columns_) + ' ' +
         pad(subjectsInWords(subjects), subject_columns_);
}

void CaseLabels::fit(const std::string& name, const std::vector<std::string>& subjects) {
  name_columns_ = std::max(name_columns_, columnsOf(name));
  subject_columns_ = std::max(subject_columns_, columnsOf(subjectsInWords(subjects)));
}

void CaseLabels::giveWayTo(std::size_t used) {
  const std::size_t taken = std::min(style_.width, used + 1 + subject_columns_);
  name_columns_ = std::min(name_columns_, std::max(kShortestName, style_.width - taken));
}

}  // namespace runner
