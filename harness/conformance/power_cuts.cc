// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/power_cuts.h"

namespace conformance {

void PowerCuts::logWritesOf(const std::function<void()>& steps) {
  if (mount_) {
    end();
    disk_.discard();
  }
  disk_.renew();
  log_ = disk_.logWrites([&](sys::MappedDevice& device) {
    filesystem_.source = device.node();
    mount_.emplace(filesystem_);
    device_ = &device;
    steps();
    end();
  });
  disk_.discard();
}

void PowerCuts::mark(const std::string& name) {
  device_->message("mark " + name);
}

void PowerCuts::cutAfter(std::size_t count) {
  end();
  disk_.discard();
  disk_.renew();
  disk_.write({log_.writes.data(), count});
  filesystem_.source = disk_.node();
  mount_.emplace(filesystem_);
}

void PowerCuts::end() {
  if (mount_) mount_->unmount();
  mount_.reset();
}

}  // namespace conformance
