// SPDX-License-Identifier: GPL-2.0-only
// Command lines for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "runner/base/command_line.h"
#include "runner/base/failure.h"

namespace runner {

// The options of a command after these words.
template <typename Options>
Options parsed(const Command<Options>& command, std::vector<const char*> words) {
  static const Command<Options>* described = nullptr;
  static Options* offered = nullptr;
  described = &command;
  Command<Options> watched = command;
  watched.offer = [](CLI::App& app, Options& options) {
    described->offer(app, options);
    offered = &options;
  };
  CommandLine line("ovl-syncfs", "", "");
  line.add(watched);
  words.insert(words.begin(), {"ovl-syncfs", command.name});
  line.parse(static_cast<int>(words.size()), words.data());
  return *offered;
}

// The message of the usage failure that these words cause.
inline std::string refusal(const CommandLine& line, std::vector<const char*> words) {
  words.insert(words.begin(), "ovl-syncfs");
  try {
    line.parse(static_cast<int>(words.size()), words.data());
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage);
    return failure.what();
  }
  ADD_FAILURE() << "no failure";
  return "";
}

// What these words print: --help, --version, man, completion.
inline std::string printed(const CommandLine& line, std::vector<const char*> words) {
  words.insert(words.begin(), "ovl-syncfs");
  const CommandLine::Execution execution = line.parse(static_cast<int>(words.size()), words.data());
  testing::internal::CaptureStdout();
  EXPECT_EQ(execution(), 0);
  return testing::internal::GetCapturedStdout();
}

}  // namespace runner
