// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <pugixml.hpp>
#include <sstream>
#include <string_view>
#include <utility>

#include "runner/base/guest_text.h"
#include "runner/reports/formats.h"
#include "runner/reports/summary.h"
#include "runner/results/comparison.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

using pugi::xml_node;

// Replaces invalid UTF-8 and control characters, which XML 1.0 cannot represent.
std::string clean(std::string_view text) {
  return fmt::format("{}", fmt::join(printableLines(text), "\n"));
}

void set(xml_node node, const char* attribute, std::string_view value) {
  node.append_attribute(attribute) = clean(value).c_str();
}

void set(xml_node node, const char* attribute, std::chrono::milliseconds duration) {
  set(node, attribute, fmt::format("{:.3f}", std::chrono::duration<double>(duration).count()));
}

// Attributes that count elements, of one suite or of all.
constexpr std::array<std::pair<const char*, const char*>, 4> kCounts = {
    {{"tests", ".//testcase"},
     {"failures", ".//failure"},
     {"errors", ".//error"},
     {"skipped", ".//skipped"}}};

template <typename Time>
xml_node begin(xml_node parent, const char* element, const std::string& name, const Time& time) {
  xml_node suite = parent.append_child(element);
  set(suite, "name", name);
  for (const auto& [attribute, elements] : kCounts) suite.append_attribute(attribute);
  set(suite, "time", time);
  return suite;
}

void count(xml_node suite) {
  for (const auto& [attribute, elements] : kCounts) {
    suite.attribute(attribute).set_value(suite.select_nodes(elements).size());
  }
}

const char* elementOf(Verdict verdict) {
  if (verdict == Verdict::skip || verdict == Verdict::xfail) return "skipped";
  return statusOf(verdict) == ExitStatus::fail ? "failure" : "error";
}

std::string messageOf(const CaseResult& result) {
  if (result.verdict == Verdict::xfail) return "expected failure: " + result.reason;
  if (result.verdict == Verdict::xpass) return "unexpected pass: " + result.reason;
  if (!result.reason.empty() || result.failures.empty()) return result.reason;
  return result.failures.front();
}

std::string details(const CaseResult& result) {
  std::vector<std::string> all;
  const auto add = [&](std::string_view label, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) all.push_back(fmt::format("{}: {}", label, line));
  };
  add("got", result.failures);
  add("broken", result.faults);
  add("console", result.console);
  return clean(fmt::format("{}", fmt::join(all, "\n")));
}

// prefix: of the class name, "ext4" or "ext4.off".
void addCase(xml_node suite, const CaseResult& result, std::string_view prefix,
             std::string_view name) {
  xml_node test = suite.append_child("testcase");
  set(test, "classname", fmt::format("{}.{}", prefix, result.requirement));
  set(test, "name", name);
  set(test, "time", result.duration);
  if (result.verdict == Verdict::pass) return;
  const std::string_view element = elementOf(result.verdict);
  xml_node outcome = test.append_child(element.data());
  if (element != "skipped") {
    set(outcome, "type", nameOf(result.verdict));
    outcome.text() = details(result).c_str();
  }
  set(outcome, "message", messageOf(result));
}

void addMachine(xml_node suites, const TreeResults& tree, const MachineResult& machine) {
  xml_node suite = begin(suites, "testsuite", titleOf(tree, machine), machine.total);
  xml_node properties = suite.append_child("properties");
  for (const auto& [name, value] :
       {std::pair("kernel", &machine.kernel), std::pair("machine", &machine.machine)}) {
    xml_node property = properties.append_child("property");
    set(property, "name", name);
    set(property, "value", *value);
  }
  std::string prefix = machine.filesystem;
  // Consumers identify cases by class and name alone.
  if (tree.comparesSides()) prefix += fmt::format(".{}", machine.side());
  for (const CaseResult& result : machine.cases) {
    addCase(suite, reported(tree, machine, result), prefix, result.name + '/' + result.subject);
  }
  if (isBad(machine.verdict)) {
    CaseResult whole;
    whole.requirement = "machine";
    whole.verdict = machine.verdict;
    whole.reason = machine.detail;
    whole.console = machine.console_tail;
    whole.duration = machine.total;
    addCase(suite, whole, prefix, "machine");
  }
  count(suite);
}

// For a tree without a kernel, which has no machines.
void addKernel(xml_node suites, const KernelFailure& failure) {
  CaseResult kernel;
  kernel.requirement = "build";
  kernel.reason = inWords(failure);
  kernel.failures = {failure.what};
  xml_node suite = begin(suites, "testsuite", "kernel", "0");
  addCase(suite, kernel, "kernel", "kernel");
  count(suite);
}

}  // namespace

std::string junit(const Results& /*results*/, const TreeResults& tree) {
  pugi::xml_document document;
  xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  xml_node suites = begin(document, "testsuites", "ovl-syncfs", tree.total);
  if (tree.failure) addKernel(suites, *tree.failure);
  for (const MachineResult& machine : tree.machines) addMachine(suites, tree, machine);
  count(suites);
  std::ostringstream xml;
  document.save(xml, "  ");
  return xml.str();
}

}  // namespace runner
