// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "runner/base/failure.h"
#include "sys/mounting.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

std::size_t entriesIn(const fs::path& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

// Sets an environment variable for one test.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    const char* before = std::getenv(name);
    had_ = before != nullptr;
    if (had_) before_ = before;
    set(value);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { set(had_ ? before_.c_str() : nullptr); }

 private:
  void set(const char* value) const {
    if (value == nullptr) {
      ::unsetenv(name_);
    } else {
      ::setenv(name_, value, 1);
    }
  }
  const char* name_;
  bool had_ = false;
  std::string before_;
};

TEST(Hash, IsSha256) {
  // The examples of FIPS 180-2.
  EXPECT_EQ(hashOfText("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hashOfText(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, OfFileIsThatOfItsContent) {
  const ScratchDirectory scratch;
  const std::string text(3 << 20, 'x');
  EXPECT_EQ(hashOfFile(scratch.write("file", text)), hashOfText(text));
}

TEST(Hash, OfMissingFileIsAFailureThatNamesIt) {
  try {
    hashOfFile("/nowhere/at/all");
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::environment);
    EXPECT_THAT(failure.what(), testing::HasSubstr("/nowhere/at/all"));
  }
}

TEST(Cache, IsBelowXdgCacheHome) {
  const ScratchDirectory scratch;
  const Environment xdg("XDG_CACHE_HOME", scratch.path().c_str());
  EXPECT_EQ(Cache::open().root(), scratch / "ovl-syncfs");
}

TEST(Cache, IsBelowHomeWhenXdgCacheHomeIsRelative) {
  const ScratchDirectory scratch;
  const Environment xdg("XDG_CACHE_HOME", "relative"), home("HOME", scratch.path().c_str());
  EXPECT_EQ(Cache::open().root(), scratch / ".cache/ovl-syncfs");
}

TEST(Cache, NeedsAPlace) {
  const Environment xdg("XDG_CACHE_HOME", nullptr), home("HOME", nullptr);
  EXPECT_THROW(Cache::open(), Failure);
}

TEST(Cache, SaysWhenItsPlaceIsAFile) {
  const ScratchDirectory scratch;
  scratch.write("file", "");
  try {
    Cache cache(scratch / "file/cache");
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::environment);
    EXPECT_THAT(failure.what(), testing::HasSubstr("file/cache"));
  }
}

TEST(CacheLock, SecondOwnerWaitsForTheFirst) {
  const ScratchDirectory scratch;
  const Cache cache(scratch / "cache");
  std::atomic<bool> waiting{false}, released{false}, second_was_early{false};
  std::thread second;
  {
    const CacheLock first = cache.lock("tree/one");
    second = std::thread([&] {
      const CacheLock lock = cache.lock("tree/one", [&] { waiting = true; });
      second_was_early = !released;
    });
    while (!waiting) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    released = true;
  }
  second.join();
  EXPECT_FALSE(second_was_early);
}

TEST(CacheLock, NobodyWaitsForAnotherName) {
  const ScratchDirectory scratch;
  const Cache cache(scratch / "cache");
  const CacheLock one = cache.lock("one");
  bool waited = false;
  const CacheLock two = cache.lock("two", [&] { waited = true; });
  EXPECT_FALSE(waited);
}

TEST(MakeFileAtomically, PutsTheWholeFileInPlace) {
  const ScratchDirectory scratch;
  makeFileAtomically(scratch / "file", [&](const fs::path& temporary) {
    std::ofstream(temporary) << "half";
    EXPECT_FALSE(fs::exists(scratch / "file"));
    std::ofstream(temporary, std::ios::app) << " and half";
  });
  EXPECT_EQ(scratch.read("file"), "half and half");
  EXPECT_EQ(entriesIn(scratch.path()), 1u);
}

TEST(MakeFileAtomically, LeavesTheOldFileAndNothingElseWhenItFails) {
  const ScratchDirectory scratch;
  scratch.write("file", "old");
  EXPECT_THROW(makeFileAtomically(scratch / "file",
                                  [](const fs::path& temporary) {
                                    std::ofstream(temporary) << "new";
                                    throw std::runtime_error("in the middle");
                                  }),
               std::runtime_error);
  EXPECT_EQ(scratch.read("file"), "old");
  EXPECT_EQ(entriesIn(scratch.path()), 1u);
}

TEST(TemporaryDirectory, IsRemovedWithItsOwner) {
  const ScratchDirectory scratch;
  fs::path path;
  {
    const TemporaryDirectory directory(scratch.path());
    path = directory.path();
    std::ofstream(path / "file") << "text";
    EXPECT_TRUE(fs::exists(path / "file"));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryDirectory, OfAKilledRunIsRemovedButNotOneInUse) {
  const ScratchDirectory scratch;
  fs::create_directories(scratch / "source/.tmp-abcdef/linux");  // its lock is free
  const TemporaryDirectory in_use(scratch / "source");
  const Cache cache(scratch.path());
  EXPECT_FALSE(fs::exists(scratch / "source/.tmp-abcdef"));
  EXPECT_TRUE(fs::exists(in_use.path()));
}

// A file that describes a directory must not outlive a part of that directory.
TEST(RemoveBeside, RemovesFilesFirstAndNamesWhatItCannotRemove) {
  const ScratchDirectory scratch;
  for (const char* name : {"kept", "with-a/file", "with-b.json", "other"}) scratch.write(name, "");
  std::optional<sys::Mount> mounted;
  const std::string busy = (scratch / "with-a").string();
  if (sys::Mount::attempt({"tmpfs", busy, "tmpfs", ""}, mounted).error() != 0) {
    GTEST_SKIP() << "this user cannot mount, so every directory can be removed";
  }
  try {
    removeBeside(scratch / "kept", "with-");
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), testing::HasSubstr(busy));
  }
  EXPECT_FALSE(fs::exists(scratch / "with-b.json"));
  mounted.reset();
  removeBeside(scratch / "kept", "with-");
  EXPECT_EQ(entriesIn(scratch.path()), 2u);
}

}  // namespace
}  // namespace runner
