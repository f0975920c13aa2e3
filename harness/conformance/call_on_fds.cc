// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/call_on_fds.h"

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <utility>

#include "conformance/needs.h"

namespace conformance {

using sys::Result;

CallOnFds::CallOnFds(const FdCall& call, const Subject& subject, const View& other,
                     const std::vector<FdUnderTest>& fds)
    : call_(call), mate_(call.mate, subject, other) {
  if (call.is_on_acls) needAcls(subject);
  for (const FdUnderTest& fd : fds) {
    if (!call.isAskedOn(fd.offers)) continue;
    if (call.start) call.start(fd.file);
    Asked asked{&fd, whyNotReached(call.needs, fd.offers), Result::success()};
    if (asked.why_not_reached == nullptr) {
      reached_.push_back(asked);
    } else if (call.mate != Mate::ring) {  // which waits for what somebody will write to a fifo
      asked.before = ask(asked);
      unreached_.push_back(asked);
    }
  }
}

void CallOnFds::beginWith(const std::string& name) {
  const auto found =
      std::ranges::find_if(reached_, [&](const Asked& asked) { return asked.fd->name == name; });
  if (found != reached_.end()) std::swap(*found, reached_.front());
}

void CallOnFds::failsOnAll() {
  for (const Asked& asked : reached_) {
    if (mustFail(asked)) mustFail(asked);
  }
  for (const Asked& asked : unreached_) {
    const Result answer = ask(asked);
    const bool is_as_before = answer.error() == asked.before.error();
    if ((is_as_before || answer.error() == EIO) && asked.before.error() != EIO) continue;
    std::ostringstream expected;
    expected << "EIO, or as before the error, " << asked.before << ": it reaches no layer, because "
             << asked.why_not_reached;
    complain(asked, answer, expected.str());
  }
}

void CallOnFds::failsOnNone() {
  for (const Asked& asked : reached_) {
    const Result answer = ask(asked);
    if (answer.error() == EIO) complain(asked, answer, "anything else");
  }
}

Result CallOnFds::ask(const Asked& asked) {
  const Result answer = call_.call(asked.fd->file, mate_);
  if (answer.ok()) mate_.reset();
  return answer;
}

bool CallOnFds::mustFail(const Asked& asked) {
  const Result answer = ask(asked);
  if (answer.error() == EIO) return true;
  complain(asked, answer, "EIO");
  return false;
}

void CallOnFds::complain(const Asked& asked, const Result& answer, const std::string& expected) {
  std::ostringstream line;
  line << '\n'
       << call_.title << " on " << asked.fd->name << ": " << answer << "; expected " << expected;
  wrong_ += line.str();
}

}  // namespace conformance
