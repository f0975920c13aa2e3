// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/cells.h"

#include <algorithm>
#include <cctype>

#include "runner/results/verdict.h"

namespace runner {

std::string inCapitals(std::string_view text) {
  std::string capitals(text);
  std::ranges::transform(capitals, capitals.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return capitals;
}

Cell cellOf(Verdict verdict, const Style& style) {
  if (verdict == Verdict::pass) return {style.unicode ? "\u2713" : "ok", Tone::good};
  if (isBad(verdict)) return {inCapitals(nameOf(verdict)), Tone::bad};
  return {std::string(nameOf(verdict)), Tone::warning};
}

Tone toneOf(Proof proof) {
  if (proof == Proof::fails) return Tone::bad;
  return proof == Proof::unknown ? Tone::warning : Tone::good;
}

std::string paint(const Cell& cell, const Style& style) {
  return paint(cell.text, cell.tone, style);
}

void WorstVerdict::add(Verdict verdict) {
  worst_ = worse(worst_, verdict);
  any_skipped_ |= verdict == Verdict::skip;
}

Cell WorstVerdict::cell(const Style& style) const {
  const Cell cell = cellOf(worst_, style);
  if (worst_ != Verdict::pass || !any_skipped_) return cell;
  return {cell.text + "+skip", Tone::warning};
}

std::string_view inWords(const KernelFailure& failure) {
  return failure.status == ExitStatus::build ? "not built" : "not judged";
}

}  // namespace runner
