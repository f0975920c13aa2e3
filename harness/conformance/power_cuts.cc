// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/power_cuts.h"

namespace conformance {

void PowerCuts::logWritesOf(const std::function<void()>& steps) {
  disk_.renew();
  writes_ = disk_.logWrites([&](const std::string& node) {
    filesystem_.source = node;
    mount_.emplace(filesystem_);
    steps();
    end();
  });
  disk_.discard();
}

void PowerCuts::cutAfter(std::size_t count) {
  end();
  disk_.discard();
  disk_.renew();
  disk_.write({writes_.data(), count});
  filesystem_.source = disk_.node();
  mount_.emplace(filesystem_);
}

void PowerCuts::end() {
  if (mount_) mount_->unmount();
  mount_.reset();
}

}  // namespace conformance
