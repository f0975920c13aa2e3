// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/junit.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "runner/base/guest_text.h"
#include "runner/reports/cells.h"
#include "runner/reports/summary.h"
#include "runner/results/comparison.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// Text for an element or an attribute. XML 1.0 has no way to write control characters, so these and
// invalid UTF-8 are replaced; line ends stay.
std::string escaped(std::string_view text) {
  std::string xml;
  bool is_first = true;
  while (is_first || !text.empty()) {
    if (!is_first) xml += '\n';
    is_first = false;
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const char c : printable(text.substr(0, end))) {
      switch (c) {
        case '&':
          xml += "&amp;";
          break;
        case '<':
          xml += "&lt;";
          break;
        case '>':
          xml += "&gt;";
          break;
        case '"':
          xml += "&quot;";
          break;
        default:
          xml += c;
      }
    }
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return xml;
}

// For attributes, where a line end would become a space: written as a reference.
std::string attribute(std::string_view text) {
  std::string xml;
  for (const char c : escaped(text)) {
    if (c == '\n') {
      xml += "&#10;";
    } else {
      xml += c;
    }
  }
  return xml;
}

std::string seconds(std::chrono::milliseconds duration) {
  return fmt::format("{:.3f}", static_cast<double>(duration.count()) / 1e3);
}

std::string details(const CaseResult& result) {
  std::string text;
  const auto add = [&](std::string_view label, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) text += fmt::format("{}: {}\n", label, line);
  };
  add("got", result.failures);
  add("broken", result.faults);
  add("console", result.console);
  return escaped(text);
}

std::string_view elementOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "";
    case Verdict::skip:
    case Verdict::xfail:
      return "skipped";
    case Verdict::fail:
    case Verdict::xpass:
      return "failure";
    default:
      return "error";
  }
}

std::string messageOf(const CaseResult& result) {
  if (result.verdict == Verdict::xfail) return "expected failure: " + result.reason;
  if (result.verdict == Verdict::xpass) return "unexpected pass: " + result.reason;
  if (!result.reason.empty() || result.failures.empty()) return result.reason;
  return result.failures.front();
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  void add(std::string_view element) {
    ++tests;
    failures += element == "failure" ? 1 : 0;
    errors += element == "error" ? 1 : 0;
    skipped += element == "skipped" ? 1 : 0;
  }
  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
  }
  std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures,
                       errors, skipped);
  }
};

// prefix: of the class name, "ext4" or "ext4.off".
std::string testcase(const CaseResult& result, std::string_view prefix, std::string_view name,
                     Counts& counts) {
  const std::string_view element = elementOf(result.verdict);
  counts.add(element);
  std::string xml =
      fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\" time=\"{}\"", attribute(prefix),
                  attribute(result.requirement), attribute(name), seconds(result.duration));
  if (element.empty()) return xml + "/>\n";
  const std::string message = attribute(messageOf(result));
  xml += ">\n";
  if (element == "skipped") {
    xml += fmt::format("      <skipped message=\"{}\"/>\n", message);
  } else {
    xml += fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", element,
                       nameOf(result.verdict), message, details(result));
  }
  return xml + "    </testcase>\n";
}

std::string testsuite(const TreeResults& tree, const MachineResult& machine, Counts& total) {
  std::string prefix = machine.filesystem;
  // Consumers tell cases apart by class and name alone.
  if (tree.comparesSides()) prefix += fmt::format(".{}", machine.side());
  Counts counts;
  std::string cases;
  for (const CaseResult& result : machine.cases) {
    cases += testcase(reported(tree, machine, result), prefix, result.name + '/' + result.subject,
                      counts);
  }
  if (isBad(machine.verdict)) {
    CaseResult whole;
    whole.requirement = "machine";
    whole.filesystem = machine.filesystem;
    whole.verdict = machine.verdict;
    whole.reason = machine.detail;
    whole.console = machine.console_tail;
    whole.duration = machine.total;
    cases += testcase(whole, prefix, "machine", counts);
  }
  total.add(counts);
  return fmt::format(
      "  <testsuite name=\"{}\" {} time=\"{}\">\n"
      "    <properties>\n"
      "      <property name=\"kernel\" value=\"{}\"/>\n"
      "      <property name=\"machine\" value=\"{}\"/>\n"
      "    </properties>\n{}  </testsuite>\n",
      attribute(titleOf(tree, machine)), counts.attributes(), seconds(machine.total),
      attribute(machine.kernel), attribute(machine.machine), cases);
}

// In the place of the machines that a tree without a kernel does not have.
std::string kernelSuite(const KernelFailure& failure, Counts& total) {
  CaseResult kernel;
  kernel.requirement = "build";
  kernel.verdict = Verdict::error;
  kernel.reason = inWords(failure);
  kernel.failures = {failure.what};
  Counts counts;
  const std::string text = testcase(kernel, "kernel", "kernel", counts);
  total.add(counts);
  return fmt::format("  <testsuite name=\"kernel\" {} time=\"0\">\n{}  </testsuite>\n",
                     counts.attributes(), text);
}

}  // namespace

std::string junit(const Results& /*results*/, const TreeResults& tree) {
  Counts total;
  std::string suites;
  if (tree.failure) suites += kernelSuite(*tree.failure, total);
  for (const MachineResult& machine : tree.machines) {
    suites += testsuite(tree, machine, total);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"ovl-syncfs\" {} time=\"{}\">\n{}</testsuites>\n",
      total.attributes(), seconds(tree.total), suites);
}

}  // namespace runner
