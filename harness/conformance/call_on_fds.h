// SPDX-License-Identifier: GPL-2.0-only
// CallOnFds: one call of fd_calls.h on many fds of open_fds.h, before and after the overlay fails.
#pragma once

#include <string>
#include <vector>

#include "conformance/call_mate.h"
#include "conformance/fd_calls.h"
#include "conformance/open_fds.h"
#include "conformance/subject.h"
#include "sys/result.h"

namespace conformance {

class CallOnFds {
 public:
  // While everything still works. The fds are on the subject and must outlive this; other: an
  // overlay that never fails, for calls with two files. Throws SetupError, and Skipped if the
  // kernel lacks the call.
  CallOnFds(const FdCall& call, const Subject& subject, const View& other,
            const std::vector<FdUnderTest>& fds);

  const std::string& title() const { return call_.title; }
  Mate mate() const { return call_.mate; }
  // Whether it reaches a layer through any of them.
  bool reachesAny() const { return !reached_.empty(); }
  // Through the one that is asked first.
  const std::string& first() const { return reached_.front().fd->name; }
  // Lets the fd of this name be the first, if the kernel can open it.
  void beginWith(const std::string& name);

  // After the error; each keeps what was wrong. The first fd alone; returns whether it failed.
  bool asksTheFirst() { return mustFail(reached_.front()); }
  // Where it reaches a layer, it must fail with EIO, twice: a lock that was kept would stop the
  // second call. On all other fds it may fail too, or answer what it did before the error.
  void failsOnAll();
  // On an overlay that is not volatile, it must not fail with EIO.
  void failsOnNone();

  // A line for each wrong answer, with the fd; empty if there was none.
  const std::string& wrongAnswers() const { return wrong_; }

 private:
  struct Asked {
    const FdUnderTest* fd;
    const char* why_not_reached;  // null if it reaches a layer
    sys::Result before;           // what it answered before the error, where it reaches none
  };

  sys::Result ask(const Asked& asked);
  bool mustFail(const Asked& asked);  // whether it has
  void complain(const Asked& asked, const sys::Result& answer, const std::string& expected);

  const FdCall& call_;
  CallMate mate_;
  std::vector<Asked> reached_;
  std::vector<Asked> unreached_;
  std::string wrong_;
};

}  // namespace conformance
