// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/subject_mount.h"

#include <fcntl.h>
#include <sys/mount.h>

#include <chrono>
#include <future>
#include <utility>

#include "sys/filesystem_control.h"
#include "sys/setup_error.h"

namespace conformance {

SubjectMount::SubjectMount(sys::MountRequest upper, std::optional<sys::MountRequest> overlay)
    : upper_request_(std::move(upper)),
      overlay_request_(std::move(overlay)),
      upper_(upper_request_) {
  if (overlay_request_) overlay_.emplace(*overlay_request_);
}

sys::Result SubjectMount::remountReadOnly() {
  if (overlay_request_) return overlay_->remountReadOnly();
  was_read_only_ = true;
  return upper_->remountReadOnly();
}

sys::Result SubjectMount::remountWritable() {
  return (overlay_request_ ? overlay_ : upper_)->remountWritable();
}

sys::Result SubjectMount::remountUpper() {
  return upper_->remountWritable();
}

void SubjectMount::remountUpperWith(const std::string& option) {
  const std::string& target = upper_request_.target;
  sys::require(::mount(nullptr, target.c_str(), nullptr, MS_REMOUNT, option.c_str()),
               "mount -o remount," + option, target);
}

sys::Result SubjectMount::whileUpperIsReadOnly(const std::function<sys::Result()>& call) {
  const auto mustSucceed = [&](const char* what, const sys::Result& result) {
    if (!result.ok()) throw sys::SetupError(what, upper_request_.target, result.error());
  };
  mustSucceed("remount read-only", upper_->remountReadOnly());
  const sys::Result result = call();
  mustSucceed("remount writable", upper_->remountWritable());
  return result;
}

bool SubjectMount::endsWhileUpperIsFrozen(const std::function<void()>& call) {
  const sys::File root(upper_request_.target, O_RDONLY | O_DIRECTORY);
  constexpr std::chrono::seconds kLimit(5);
  std::future<void> made;
  std::future_status status{};
  {
    const sys::Freeze freeze(root);
    made = std::async(std::launch::async, call);
    status = made.wait_for(kLimit);
  }
  made.get();
  return status == std::future_status::ready;
}

void SubjectMount::mountAgain() {
  overlay_->unmount();
  overlay_.emplace(*overlay_request_);
}

void SubjectMount::mountUpperAgain() {
  unmountOverlay();
  upper_->unmount();
  upper_.emplace(upper_request_);
}

void SubjectMount::mountUpperAgainWith(const std::string& options) {
  upper_request_.options = options;
  mountUpperAgain();
}

void SubjectMount::detachUpper() {
  upper_->detach();
  upper_.reset();
}

void SubjectMount::detachOverlay() {
  overlay_->detach();
  overlay_.reset();
}

void SubjectMount::unmountOverlay() {
  if (overlay_) overlay_->unmount();
  overlay_.reset();
}

void SubjectMount::unmountUpper() {
  if (upper_) upper_->unmount();
  upper_.reset();
}

}  // namespace conformance
