// SPDX-License-Identifier: GPL-2.0-only
// PackageReader: the files in a Debian or RPM package, one after another.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct archive;

namespace runner {

class PackageReader {
 public:
  // The files that the package installs, or, for a Debian package with `control`, those about the
  // package. Throws Failure (usage) for a file that is not a package.
  explicit PackageReader(const std::filesystem::path& package, bool control = false);
  PackageReader(const PackageReader&) = delete;
  PackageReader& operator=(const PackageReader&) = delete;
  ~PackageReader();

  // The name of the next regular file, without "./" or "/" in front; nothing at the end. Throws
  // Failure (usage) for a damaged package, and Interrupted.
  std::optional<std::string> next();
  // The content of that file. Both throw as next() does.
  std::string text();
  // Writes it to a file, creating the directories above it. Throws Failure (environment), too.
  void extract(const std::filesystem::path& target);

 private:
  struct Free {
    void operator()(archive* archive) const;
  };
  using Archive = std::unique_ptr<archive, Free>;

  // Finds the member of a Debian package: "data.tar".
  void openMember(std::string_view beginning);
  [[noreturn]] void damaged(archive* archive) const;

  std::filesystem::path package_;
  Archive outer_;  // of a Debian package, whose member is the inner one
  Archive inner_;
};

}  // namespace runner
