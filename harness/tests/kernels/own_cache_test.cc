// SPDX-License-Identifier: GPL-2.0-only
// What the cache keeps for kernel source of the user's own, and for how long.
#include "runner/kernels/own_cache.h"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

class OwnCacheTest : public testing::Test {
 protected:
  // A run on that source, so many hours ago; returns its name.
  std::string use(const std::string& source, int hours_ago) {
    const OwnKernel own = named(source);
    std::string name = ownNameOf(ownHashOf(own));
    holdOwn(name, own, cache_, progress_);
    for (const std::string& entry : {"source/" + name, "build/" + name + "-uml",
                                     "images/" + name + "-6.1.y-off-uml-6.1.150-0123456789ab"}) {
      scratch_.write("cache/" + entry + "/file", "content");
    }
    fs::last_write_time(scratch_ / ("cache/locks/" + name + ".lock"),
                        fs::file_time_type::clock::now() - std::chrono::hours(hours_ago));
    return name;
  }
  static OwnKernel named(const std::string& source) {
    return {.kind = OwnKernel::Kind::sourceDirectory, .path = "/home/user/" + source};
  }
  bool isKept(const std::string& name) const {
    const auto has = [&](const std::string& entry) {
      return fs::exists(scratch_ / ("cache/" + entry));
    };
    const bool source = has("source/" + name);
    EXPECT_EQ(has("build/" + name + "-uml"), source);
    EXPECT_EQ(has("images/" + name + "-6.1.y-off-uml-6.1.150-0123456789ab"), source);
    return source;
  }

  ScratchDirectory scratch_;
  RecordingProgress progress_;
  const Cache cache_{scratch_ / "cache"};
};

TEST_F(OwnCacheTest, OnlyTheLatestSourcesStay) {
  const std::string oldest = use("a", 72), older = use("b", 48), newer = use("c", 30);
  scratch_.write("cache/source/mainline/file", "content");
  use("d", 0);
  EXPECT_FALSE(isKept(oldest));
  EXPECT_TRUE(isKept(older));
  EXPECT_TRUE(isKept(newer));
  EXPECT_TRUE(fs::exists(scratch_ / "cache/source/mainline/file"));
}

TEST_F(OwnCacheTest, ASourceThatWasUsedTodayStays) {
  const std::string first = use("a", 23);
  for (const char* other : {"b", "c", "d", "e"}) use(other, 0);
  EXPECT_TRUE(isKept(first));
}

TEST_F(OwnCacheTest, ASourceInUseStays) {
  const std::string oldest = use("a", 72);
  use("b", 48);
  use("c", 30);
  const auto held = cache_.tryLock(oldest);
  ASSERT_TRUE(held);
  EXPECT_FALSE(cache_.tryLock(oldest)) << "another run holds it";
  use("d", 0);
  EXPECT_TRUE(isKept(oldest));
}

TEST_F(OwnCacheTest, EachTarballHasItsOwnName) {
  const OwnKernel one{.kind = OwnKernel::Kind::tarball, .path = scratch_.write("one.tar", "1")};
  const OwnKernel two{.kind = OwnKernel::Kind::tarball, .path = scratch_.write("two.tar", "2")};
  EXPECT_NE(ownNameOf(ownHashOf(one)), ownNameOf(ownHashOf(two)));
  EXPECT_NE(ownNameOf(ownHashOf(named("a"))), ownNameOf(ownHashOf(named("b"))));
}

}  // namespace
}  // namespace runner
