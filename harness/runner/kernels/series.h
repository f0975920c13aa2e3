// SPDX-License-Identifier: GPL-2.0-only
// Series: patches in the order of their `series` file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct Series {
  std::vector<std::string> names;              // directories: "a-syncfs"
  std::vector<std::filesystem::path> patches;  // files, in the order of application
  std::string hash;                            // SHA-256 over what they do to code, in this order
  std::string mutant;                          // the name of a wrong patch on top; usually empty
  bool whole = true;                           // false: only its first patches
  std::string base;                            // the release that they were made on: "7.3.4"

  // For file names: "a-syncfs+b-volatile-failstop". It determines where the series is patched and
  // compiled, so a series and its mutants share one place.
  std::string label() const;
  // The same for its image: "a-syncfs+mutant-a8-forgets", "a-syncfs+first-2".
  std::string imageLabel() const;
  // The hashes of the patches that may change Kconfig.
  std::string kconfigHashes() const;
  std::string description() const;  // "a-syncfs (3 patches)", "a-syncfs (only the first patch)"
};

// Separates the label of a series from the name of its mutant.
inline constexpr std::string_view kMutantMark = "+mutant-";

// Reads the `series` file of each directory: a file name a line, '#' begins a comment. Throws
// Failure (build) when one is missing, empty, or names a patch that isn't there.
Series readSeries(const std::vector<std::filesystem::path>& directories);

// The release that the series of a tree were made on, from the file BASE in their directory:
// "linux-7.3.4". Throws Failure (build) if the file has none.
std::string baseOf(const std::filesystem::path& patches);

// The first `count` patches of a series. They are built in the same place as the whole series.
Series firstPatches(Series series, std::size_t count);

// The series with that patch on top of it; the mutant is named after the file.
Series withMutant(Series series, const std::filesystem::path& patch);

}  // namespace runner
