// SPDX-License-Identifier: GPL-2.0-only
#include "tests/support/fake_archive.h"

#include <fmt/format.h>

#include <stdexcept>

#include "runner/base/cache.h"
#include "runner/kernels/archive.h"
#include "sys/child_process.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

std::string run(std::vector<std::string> arguments) {
  const std::string name = arguments[0];
  const sys::Output output = sys::runCommand({std::move(arguments)});
  if (!output.exit.ok()) throw std::runtime_error(name + ": " + output.text);
  return output.text;
}

std::string fileLine(const fs::path& file, const std::string& name) {
  return fmt::format(" {} {} {}\n", hashOfFile(file), fs::file_size(file), name);
}

}  // namespace

const SigningKey& SigningKey::shared() {
  static const SigningKey key;
  return key;
}

SigningKey::SigningKey(const std::string& expires) {
  gpg({"--faked-system-time", "20200101T000000", "--passphrase", "", "--quick-gen-key",
       "archive@example.org", "ed25519", "sign", expires});
  gpg({"--output", keyring().string(), "--export"});
  const std::string list = gpg({"--list-keys", "--with-colons"});
  const std::string start = "\nfpr:::::::::";
  gpg({"--quick-set-expire", list.substr(list.find(start) + start.size(), 40), "never"});
}

SigningKey::~SigningKey() {
  // gpg starts an agent, which would outlive the tests.
  sys::runCommand({{"gpgconf", "--homedir", scratch_.path().string(), "--kill", "all"}});
}

std::string SigningKey::gpg(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(),
                   {"gpg", "--homedir", scratch_.path().string(), "--batch", "--quiet", "--yes"});
  return run(std::move(arguments));
}

void SigningKey::sign(const fs::path& text, const fs::path& to) const {
  gpg({"--output", to.string(), "--clearsign", text.string()});
}

Mirrors FakeArchive::mirrors() const {
  const std::string uri = "copy:" + root().string();
  return {uri, uri};
}

void FakeArchive::addSource(const std::string& version, const fs::path& directory, bool held) {
  const std::string name = "linux_" + upstreamOf(version) + ".orig.tar.xz";
  const fs::path pool = root() / "pool";
  fs::create_directories(pool);
  run({"tar", "-cJf", (pool / name).string(), "-C", directory.parent_path().string(),
       directory.filename().string()});
  const fs::path dsc = scratch_.write("debian/pool/linux_" + version + ".dsc", "");
  sources_ += fmt::format(
      "Package: linux\nVersion: {}\nFormat: 3.0 (quilt)\nBinary: linux-source\nArchitecture: all\n"
      "Maintainer: nobody <nobody@example.org>\nDirectory: pool\nChecksums-Sha256:\n{}{}\n",
      version, fileLine(dsc, dsc.filename().string()), fileLine(pool / name, name));
  if (!held) fs::remove(pool / name);
}

void FakeArchive::addBinary(const std::string& name, const std::string& version,
                            const fs::path& directory) {
  const std::string control = fmt::format(
      "Package: {}\nVersion: {}\nArchitecture: all\n"
      "Maintainer: nobody <nobody@example.org>\nDescription: source\n",
      name, version);
  scratch_.write("package/DEBIAN/control", control);
  fs::create_directories(scratch_ / "package/usr/src");
  run({"tar", "-cJf", (scratch_ / ("package/usr/src/" + name + ".tar.xz")).string(), "-C",
       directory.parent_path().string(), directory.filename().string()});
  const fs::path pool = root() / "pool";
  fs::create_directories(pool);
  const fs::path file = pool / (name + ".deb");
  run({"dpkg-deb", "--root-owner-group", "--build", (scratch_ / "package").string(),
       file.string()});
  packages_ +=
      control + fmt::format("Filename: pool/{}\nSize: {}\nSHA256: {}\n\n", file.filename().string(),
                            fs::file_size(file), hashOfFile(file));
}

void FakeArchive::publish(const SigningKey& key) {
  const std::string suite = "debian/dists/test/";
  const fs::path sources = scratch_.write(suite + "main/source/Sources", sources_);
  const fs::path packages = scratch_.write(suite + "main/binary-amd64/Packages", packages_);
  const fs::path release = scratch_.write(
      suite + "Release",
      "Origin: test\nSuite: test\nCodename: test\nComponents: main\nArchitectures: amd64\n"
      "Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n" +
          fileLine(sources, "main/source/Sources") +
          fileLine(packages, "main/binary-amd64/Packages"));
  key.sign(release, release.parent_path() / "InRelease");
  fs::remove(release);
}

}  // namespace runner
