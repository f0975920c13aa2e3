// SPDX-License-Identifier: GPL-2.0
#include "series/check/checkpatch.h"

#include <fmt/format.h>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "series/stored_patch.h"

namespace runner {

namespace fs = std::filesystem;

std::vector<std::string> checkpatch(const fs::path& patch, const fs::path& source) {
  constexpr const char* kSender = "Some Sender <some.sender@example.org>";
  const StoredPatch stored = readPatch(patch);
  const TemporaryFolder scratch(fs::temp_directory_path());
  const fs::path mail = scratch.path() / patch.filename();
  writeFileAtomically(mail, fmt::format("From: {0}\nSubject: [PATCH] {1}\n\n{2}\n"
                                        "Signed-off-by: {0}\n{3}",
                                        kSender, stored.subject, stored.message, stored.diff));
  const std::string script = (source / "scripts" / "checkpatch.pl").string();
  std::vector<std::string> complaints, all;
  const sys::Exit exit = runLines(
      {{"perl", script, "--strict", "--show-types", "--terse", "--no-summary", mail.string()},
       source,
       // What a user has told checkpatch to ignore is not ignored here.
       {{"LC_ALL", "C.UTF-8"},
        {"HOME", scratch.path().string()},
        {"CHECKPATCH_CONFIG_DIR", scratch.path().string()}}},
      [&](std::string_view line) {
        all.emplace_back(line);
        for (const std::string_view sign : {"ERROR:", "WARNING:", "CHECK:"}) {
          const auto at = line.find(sign);
          if (at == std::string_view::npos) continue;
          complaints.emplace_back(line.substr(at));
          break;
        }
      });
  if (!exit.ok() && complaints.empty()) {
    throw Failure(ExitStatus::environment,
                  fmt::format("{} cannot be run: {}", script, fmt::join(all, "\n")));
  }
  return complaints;
}

}  // namespace runner
