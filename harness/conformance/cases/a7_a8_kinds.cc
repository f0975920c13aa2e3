// SPDX-License-Identifier: GPL-2.0-only
// A7: every kind of fd reports. A8: and none reports an error that was seen before it was opened.
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/fd_kinds.h"

namespace conformance {
namespace {

using sys::File;

// Each fd reports once, whatever the others have reported before.
void everyFdReportsOnce(const std::vector<OpenedFd>& fds, CalledFrom = Line::current()) {
  for (const OpenedFd& fd : fds) {
    EXPECT_ERRNO(fd.file.syncfs(), EIO) << "for " << fd.kind;
    EXPECT_OK(fd.file.syncfs()) << "the second time, for " << fd.kind;
  }
}

void openFdsReport(Subject& subject, const std::string& options, CalledFrom = Line::current()) {
  const auto fds = openEveryKind(subject, options);
  for (const OpenedFd& fd : fds) EXPECT_OK(fd.file.syncfs()) << "before, for " << fd.kind;
  subject.loseWriteback();
  everyFdReportsOnce(fds);
}

void lateOpenersReport(Subject& subject, const std::string& options, CalledFrom = Line::current()) {
  subject.loseWriteback();
  everyFdReportsOnce(openEveryKind(subject, options));
}

void noFalseReport(Subject& subject, const std::string& options, CalledFrom = Line::current()) {
  subject.loseWritebackAndSeeIt();
  for (const OpenedFd& fd : openEveryKind(subject, options)) {
    EXPECT_OK(fd.file.syncfs()) << "for " << fd.kind;
  }
}

CASE(A7, EveryKindOfFdReportsOnce) {
  openFdsReport(subject, "");
}

CASE(A7, EveryKindOfFdOpenedLateReports) {
  lateOpenersReport(subject, "");
}

CASE(A7, TemporaryFileReportsOnce) {
  const File file = openTemporary(subject);
  EXPECT_OK(file.syncfs());
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A7, TemporaryFileOpenedLateReports) {
  subject.loseWriteback();
  const File file = openTemporary(subject);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A7, MetacopyFileReportsOnce, .subjects = kOverlayOnly, .overlay_options = kMetacopy) {
  openFdsReport(subject, kMetacopy);
}

CASE(A7, MetacopyFileOpenedLateReports, .subjects = kOverlayOnly, .overlay_options = kMetacopy) {
  lateOpenersReport(subject, kMetacopy);
}

CASE(A7, FdOpenedByHandleReportsOnce, .overlay_options = kHandles) {
  openFdsReport(subject, kHandles);
}

CASE(A7, FdOpenedLateByHandleReports, .overlay_options = kHandles) {
  lateOpenersReport(subject, kHandles);
}

CASE(A7, EveryKindWithEveryFeatureReportsOnce, .subjects = kOverlayOnly,
     .overlay_options = kFeatures) {
  openFdsReport(subject, "");
}

CASE(A7, EveryKindWithEveryFeatureOpenedLateReports, .subjects = kOverlayOnly,
     .overlay_options = kFeatures) {
  lateOpenersReport(subject, "");
}

CASE(A7, FileWhoseDataIsInADataOnlyLayerReportsOnce, .subjects = kOverlayOnly) {
  const View& view = overlayWithDataOnlyLayer(subject);
  const File file = view.open(kDataOnlyFile, O_RDONLY);
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_OK(view.open(kDataOnlyFile, O_RDONLY).syncfs());
}

// The file is copied up after the error in another file; in the next case it lost the data itself.
CASE(A7, CopyUpAfterTheErrorLosesNothing, .subjects = kOverlayOnly) {
  const File file = subject.open("lower-file", O_RDONLY);
  subject.loseWriteback();
  (void)subject.open("lower-file", O_WRONLY);
  EXPECT_ERRNO(file.syncfs(), EIO);
}

CASE(A7, CopiedUpFileReportsItsOwnLoss, .subjects = kOverlayOnly) {
  const File file = subject.open("lower-file", O_RDONLY);
  subject.loseWriteback("lower-file");
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A7, AFileThatItsOpenCreatesReportsOnce) {
  const File file = subject.open("new", O_RDWR | O_CREAT | O_EXCL);
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A8, AFileThatItsOpenCreatesReportsNoErrorSeenBefore) {
  subject.loseWritebackAndSeeIt();
  EXPECT_OK(subject.open("new", O_RDWR | O_CREAT | O_EXCL).syncfs());
  EXPECT_OK(subject.open("another", O_WRONLY | O_CREAT).syncfs());
}

struct OpenFlag {
  const char* name;
  int flag;
};

constexpr OpenFlag kOpenFlags[] = {
    {"O_TRUNC", O_TRUNC},
    {"O_APPEND", O_APPEND},
    {"O_CREAT", O_CREAT},
    {"O_NONBLOCK", O_NONBLOCK},
    {"O_NOATIME", O_NOATIME},
    {"O_NOFOLLOW", O_NOFOLLOW},
    {"O_NOCTTY", O_NOCTTY},
    {"O_ASYNC", O_ASYNC},
    {"O_DIRECT", O_DIRECT},
    {"O_SYNC", O_SYNC},
    {"O_DSYNC", O_DSYNC},
    {"O_LARGEFILE", O_LARGEFILE},
    {"O_TRUNC | O_CREAT", O_TRUNC | O_CREAT},
};

constexpr int kAccessModes[] = {O_RDONLY, O_WRONLY, O_RDWR};

// "other", with each flag and access mode.
std::vector<OpenedFd> openWithEveryFlag(const View& view) {
  std::vector<OpenedFd> opened;
  for (const OpenFlag& each : kOpenFlags) {
    for (const int mode : kAccessModes) {
      const std::string name = each.name + std::string(", access mode ") + std::to_string(mode);
      opened.push_back({name, view.open("other", each.flag | mode)});
    }
  }
  return opened;
}

CASE(A7, EveryFlagOfOpenReportsOnce) {
  const std::vector<OpenedFd> opened = openWithEveryFlag(subject);
  subject.loseWriteback();
  everyFdReportsOnce(opened);
}

CASE(A8, NoFlagOfOpenReportsAnErrorSeenBefore) {
  subject.loseWritebackAndSeeIt();
  for (const OpenedFd& fd : openWithEveryFlag(subject)) {
    EXPECT_OK(fd.file.syncfs()) << "for " << fd.kind;
  }
}

CASE(A8, NoKindOfFdReportsAnErrorSeenBefore) {
  noFalseReport(subject, "");
}

CASE(A8, TemporaryFileReportsNoErrorSeenBefore) {
  subject.loseWritebackAndSeeIt();
  EXPECT_OK(openTemporary(subject).syncfs());
}

CASE(A8, MetacopyFileReportsNoErrorSeenBefore, .subjects = kOverlayOnly,
     .overlay_options = kMetacopy) {
  noFalseReport(subject, kMetacopy);
}

CASE(A8, EveryKindWithEveryFeatureReportsNoErrorSeenBefore, .subjects = kOverlayOnly,
     .overlay_options = kFeatures) {
  noFalseReport(subject, "");
}

CASE(A8, FdOpenedByHandleReportsNoErrorSeenBefore, .overlay_options = kHandles) {
  noFalseReport(subject, kHandles);
}

// Seen through the overlay, where the patches proposed in 2020 sampled for regular files only.
CASE(A8, ErrorSeenThroughTheSubjectIsOverForEveryKind) {
  subject.loseWriteback();
  EXPECT_ERRNO(subject.open("data").syncfs(), EIO);
  for (const OpenedFd& fd : openEveryKind(subject, "")) {
    EXPECT_OK(fd.file.syncfs()) << "for " << fd.kind;
  }
}

CASE(A8, ErrorSeenThroughTheSubjectIsOverForATemporaryFile) {
  subject.loseWriteback();
  EXPECT_ERRNO(subject.open("data").syncfs(), EIO);
  EXPECT_OK(openTemporary(subject).syncfs());
}

}  // namespace
}  // namespace conformance
