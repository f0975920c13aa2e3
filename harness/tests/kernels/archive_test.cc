// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>

#include "runner/base/failure.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/source.h"
#include "runner/kernels/unpack.h"
#include "sys/child_process.h"
#include "tests/support/fake_archive.h"
#include "tests/support/recording_progress.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SourceTest : public testing::Test {
 protected:
  SourceTest() {
    scratch_.write("linux-7.3.4/fs/sync.c", "seven three four\n");
    scratch_.write("linux-7.3.4/sound/core.c", "not needed\n");
    tree_.name = "mainline";
    tree_.version = "7.3";
    tree_.suites = {{"debian", "test", "main"}};
    tree_.fallback = "linux-source-7.3";
    access_.mirrors = {archive_.mirrors()};
    access_.keyring = SigningKey::shared().keyring();
  }
  Source fetch() { return fetchSource(tree_, cache_, progress_, access_); }
  std::string complaint() {
    try {
      fetch();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::environment);
      return failure.what();
    }
    return "no failure";
  }
  fs::path directory() const { return scratch_ / "linux-7.3.4"; }
  fs::path inRelease() const { return archive_.root() / "dists/test/InRelease"; }

  ScratchDirectory scratch_;
  Cache cache_{scratch_ / "cache"};
  FakeArchive archive_;
  ArchiveAccess access_;
  Tree tree_;
  RecordingProgress progress_;
};

TEST_F(SourceTest, TakesTheNewestPristineReleaseOfTheTree) {
  archive_.addSource("7.3.4-1", directory());
  archive_.addSource("7.3~rc1-1", directory(), false);
  archive_.addSource("7.4.1-1", directory(), false);
  archive_.publish();
  const Source source = fetch();
  EXPECT_EQ(source.release, "7.3.4");
  EXPECT_EQ(source.description, "linux 7.3.4-1, pristine");
  EXPECT_EQ(source.hash, hashOfFile(source.tarball));
  EXPECT_THAT(progress_.notes, IsEmpty());
}

TEST_F(SourceTest, UnpacksWhatABuildNeedsWithItsTimes) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  const fs::path tree = unpackedSource("mainline", fetch(), cache_, progress_);
  EXPECT_TRUE(fs::exists(tree / "fs/sync.c"));
  EXPECT_FALSE(fs::exists(tree / "sound"));
  const auto second = [](const fs::path& file) {
    return std::chrono::floor<std::chrono::seconds>(fs::last_write_time(file));
  };
  EXPECT_EQ(second(tree / "fs/sync.c"), second(directory() / "fs/sync.c"));
}

// A source that was unpacked before lacks what neededForBuild() rejected then.
TEST_F(SourceTest, UnpacksAgainForWhatWasAdded) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  const Source source = fetch();
  const fs::path tree = unpackedSource("mainline", source, cache_, progress_);
  const fs::path stamp = tree.parent_path() / "kept";
  const fs::path patched = tree.parent_path() / "with-a-syncfs";
  fs::create_directory(patched);
  std::ofstream(tree / "mark") << "unpacked before";
  unpackedSource("mainline", source, cache_, progress_);
  EXPECT_TRUE(fs::exists(tree / "mark"));
  EXPECT_TRUE(fs::exists(patched));
  std::ofstream(stamp) << "x86\n";
  unpackedSource("mainline", source, cache_, progress_);
  EXPECT_TRUE(fs::exists(tree / "fs/sync.c"));
  EXPECT_FALSE(fs::exists(tree / "mark"));
  EXPECT_FALSE(fs::exists(patched)) << "it lacks what the source lacked";
}

TEST_F(SourceTest, RemembersTheAnswerForADay) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  EXPECT_EQ(rememberedSource(tree_, cache_), std::nullopt);
  const Source source = fetch();
  EXPECT_EQ(rememberedSource(tree_, cache_)->hash, source.hash);
  // The answer to another question is not reused.
  tree_.version = "7.4";
  EXPECT_EQ(rememberedSource(tree_, cache_), std::nullopt);
}

TEST_F(SourceTest, UsesThePatchedTreeIfTheArchiveLacksThePristineOne) {
  archive_.addSource("7.3.4-1", directory(), false);
  archive_.addBinary("linux-source-7.3", "7.3.4-1", directory());
  archive_.publish();
  const Source source = fetch();
  EXPECT_EQ(source.release, "7.3.4");
  EXPECT_THAT(source.description, AllOf(HasSubstr("linux-source-7.3 7.3.4-1"), HasSubstr("patched"),
                                        HasSubstr("not in the archive")));
  EXPECT_THAT(progress_.notes, ElementsAre(HasSubstr("linux-source-7.3")));
  EXPECT_TRUE(fs::exists(unpackedSource("mainline", source, cache_, progress_) / "fs/sync.c"));
}

TEST_F(SourceTest, PrefersThePristineOneOnceItIsAvailable) {
  archive_.addSource("7.3.4-1", directory(), false);
  archive_.addBinary("linux-source-7.3", "7.3.4-1", directory());
  archive_.publish();
  const Source patched = fetch();
  EXPECT_EQ(fetch().tarball, patched.tarball);
  FakeArchive complete;
  complete.addSource("7.3.4-1", directory());
  complete.addBinary("linux-source-7.3", "7.3.4-1", directory());
  complete.publish();
  access_.mirrors = {complete.mirrors()};
  EXPECT_EQ(fetch().description, "linux 7.3.4-1, pristine");
}

TEST_F(SourceTest, SaysThatTheArchiveLacksBoth) {
  archive_.addSource("7.3.4-1", directory(), false);
  archive_.publish();
  EXPECT_THAT(complaint(), AllOf(HasSubstr("does not have it"), HasSubstr("linux-source-7.3")));
  tree_.fallback.clear();
  EXPECT_THAT(complaint(), HasSubstr("does not have it"));
}

TEST_F(SourceTest, DoesNotTakeThePatchedTreeOfAnotherRelease) {
  archive_.addSource("7.3.4-1", directory(), false);
  archive_.addBinary("linux-source-7.3", "7.3.3-1", directory());
  archive_.publish();
  EXPECT_THAT(complaint(), HasSubstr("nor a linux-source-7.3 of 7.3.4"));
}

TEST_F(SourceTest, UsesADistributionsOwnTree) {
  tree_.package = tree_.fallback;
  tree_.fallback.clear();
  archive_.addSource("7.3.5-1", directory());
  archive_.addBinary("linux-source-7.3", "7.3.4-2", directory());
  archive_.publish();
  const Source source = fetch();
  EXPECT_EQ(source.release, "7.3.4");
  EXPECT_EQ(source.description, "linux-source-7.3 7.3.4-2, Debian's own tree");
  EXPECT_THAT(progress_.notes, IsEmpty()) << "it is what was asked for";
  EXPECT_EQ(fetch().tarball, source.tarball);
  tree_.version = "7.4";
  EXPECT_THAT(complaint(), HasSubstr("no release 7.4 of linux-source-7.3"));
}

TEST_F(SourceTest, TakesSomeFilesWithoutUnpackingAll) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  const Source source = fetch();
  const std::set<std::string> files = {"fs/sync.c", "fs/not-there.c"};
  takeFiles(files, "mainline", source, cache_, scratch_ / "some", progress_);
  EXPECT_EQ(scratch_.read("some/fs/sync.c"), "seven three four\n");
  EXPECT_FALSE(fs::exists(scratch_ / "some/sound"));
  unpackedSource("mainline", source, cache_, progress_);
  takeFiles(files, "mainline", source, cache_, scratch_ / "again", progress_);
  EXPECT_EQ(scratch_.read("again/fs/sync.c"), "seven three four\n");
  EXPECT_FALSE(fs::exists(scratch_ / "again/fs/not-there.c"));
}

TEST_F(SourceTest, SaysThatNoReleaseBelongsToTheTree) {
  archive_.addSource("7.2.1-1", directory());
  archive_.publish();
  EXPECT_THAT(complaint(), AllOf(HasSubstr("no release 7.3"), HasSubstr("test")));
}

TEST_F(SourceTest, RefusesAForeignSignature) {
  const SigningKey other;
  archive_.addSource("7.3.4-1", directory());
  archive_.publish(other);
  EXPECT_THAT(complaint(), HasSubstr("signed with a key that is not in the keyring"));
}

TEST_F(SourceTest, RefusesAnExpiredKey) {
  const SigningKey expired("1d");
  access_.keyring = expired.keyring();
  archive_.publish(expired);
  EXPECT_THAT(complaint(), HasSubstr("signed with a key that has expired"));
}

TEST_F(SourceTest, RefusesAModifiedList) {
  archive_.publish();
  ASSERT_TRUE(sys::runCommand({{"sed", "-i", "s/Origin: test/Origin: best/", inRelease().string()}})
                  .exit.ok());
  EXPECT_THAT(complaint(), HasSubstr("its signature is invalid"));
}

TEST_F(SourceTest, RefusesAnAnswerThatIsNoArchive) {
  archive_.publish();
  std::ofstream(inRelease()) << "<html>";
  EXPECT_THAT(complaint(), HasSubstr("not from a Debian archive"));
}

TEST_F(SourceTest, RefusesAnUnsignedArchive) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  fs::remove(inRelease());
  EXPECT_THAT(complaint(), HasSubstr("cannot fetch the list of packages"));
}

TEST_F(SourceTest, RefusesAModifiedTarball) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  const fs::path file = archive_.root() / "pool/linux_7.3.4.orig.tar.xz";
  std::string text(fs::file_size(file), 'x');
  std::ofstream(file) << text;
  // As over http. apt 3.0 gives no reason if a file that it copied has the wrong checksum.
  const std::string mirror = "file:" + archive_.root().string();
  access_.mirrors = {{mirror, mirror}};
  EXPECT_THAT(complaint(), HasSubstr("does not match its signed checksum"));
}

TEST_F(SourceTest, SaysThatTheKeyringIsMissing) {
  access_.keyring = "/nowhere/keyring.gpg";
  EXPECT_THAT(complaint(), HasSubstr("debian-archive-keyring"));
}

TEST_F(SourceTest, SaysThatTheArchiveCannotBeReached) {
  // Nothing listens on this port.
  access_.mirrors = {{"http://127.0.0.1:1/debian", "http://127.0.0.1:1/debian-security"}};
  EXPECT_THAT(complaint(), AllOf(HasSubstr("127.0.0.1:1"), HasSubstr("cannot be reached")));
}

TEST_F(SourceTest, TriesTheNextMirror) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  access_.mirrors.insert(access_.mirrors.begin(), {"http://127.0.0.1:1/debian", ""});
  EXPECT_EQ(fetch().release, "7.3.4");
  EXPECT_THAT(progress_.notes, ElementsAre(HasSubstr("127.0.0.1:1")));
}

TEST_F(SourceTest, UsesTheCacheWithoutANetwork) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  const Source source = fetch();
  access_.mirrors = {{"http://127.0.0.1:1/debian", "http://127.0.0.1:1/debian-security"}};
  EXPECT_EQ(fetch().hash, source.hash);
  EXPECT_THAT(progress_.notes, ElementsAre(HasSubstr("Continuing with Linux 7.3.4")));
}

TEST_F(SourceTest, SaysThatATarballIsDamagedAndLeavesNothing) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  const Source source = fetch();
  fs::resize_file(source.tarball, fs::file_size(source.tarball) / 2);
  try {
    unpackedSource("mainline", source, cache_, progress_);
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), AllOf(HasSubstr("cannot unpack"), HasSubstr("xz")));
  }
  // The damaged tarball is gone too, so that the next run gets a new one.
  EXPECT_TRUE(fs::is_empty(source.tarball.parent_path()));
}

TEST_F(SourceTest, KeepsOneReleaseOfATree) {
  archive_.addSource("7.3.4-1", directory());
  archive_.publish();
  const Source old = fetch();
  unpackedSource("mainline", old, cache_, progress_);
  scratch_.write("linux-7.3.4/fs/open.c", "new\n");
  archive_.addSource("7.3.5-1", directory());
  archive_.publish();
  const Source source = fetch();
  EXPECT_EQ(source.release, "7.3.5");
  unpackedSource("mainline", source, cache_, progress_);
  EXPECT_FALSE(fs::exists(old.tarball));
}

}  // namespace
}  // namespace runner
