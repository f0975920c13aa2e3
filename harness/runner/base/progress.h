// SPDX-License-Identifier: GPL-2.0
// Progress: long work says how far it is. A terminal shows it live, a file gets plain lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runner {

class Progress {
 public:
  virtual ~Progress() = default;
  // A new step begins, which ends the one before: "download linux 7.3.4".
  virtual void step(std::string_view what) = 0;
  // How far the step is: a fraction from 0 to 1 where that can be known, and a word about it
  // ("fs/ext4/inode.o", "84 of 158 MiB"). May be called very often.
  virtual void advance(std::optional<double> fraction, std::string_view detail) = 0;
  // Something that the user has to know, kept on the screen and in the reports: "KVM does not
  // answer here".
  virtual void note(std::string_view what) = 0;
  // Something about this machine that no verdict depends on, kept on the screen alone: "the source
  // takes 855 MiB".
  virtual void remark(std::string_view what) = 0;
};

}  // namespace runner
