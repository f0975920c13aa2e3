// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/cells.h"

#include <algorithm>
#include <cctype>

#include "runner/base/option_words.h"
#include "runner/results/verdict.h"

namespace runner {

std::string inCapitals(std::string_view text) {
  std::string capitals(text);
  std::ranges::transform(capitals, capitals.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return capitals;
}

std::string cellOf(Verdict verdict, const Style& style) {
  if (verdict == Verdict::pass) return style.unicode ? "\u2713" : "ok";
  return isBad(verdict) ? inCapitals(nameOf(verdict)) : std::string(nameOf(verdict));
}

Tone toneOf(Verdict verdict) {
  if (verdict == Verdict::pass) return Tone::good;
  return isBad(verdict) ? Tone::bad : Tone::warning;
}

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

void WorstVerdict::add(Verdict verdict) {
  worst_ = worse(worst_, verdict);
  any_skipped_ |= verdict == Verdict::skip;
}

std::string WorstVerdict::cell(const Style& style) const {
  return cellOf(worst_, style) + (partly() ? "+skip" : "");
}

Tone WorstVerdict::tone() const {
  return partly() ? Tone::warning : toneOf(worst_);
}

std::string_view inWords(const KernelFailure& failure) {
  return failure.status == ExitStatus::build ? "not built" : "not judged";
}

std::vector<std::string> filesystemsOf(const RunResults& results) {
  std::vector<std::string> filesystems;
  for (const MachineResult& machine : results.machines) addOnce(filesystems, machine.filesystem);
  return filesystems;
}

}  // namespace runner
