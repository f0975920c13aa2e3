// SPDX-License-Identifier: GPL-2.0
// Fault: sectors that fail from now until it is healed, at the end of its life at the latest.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/failing_disk.h"
#include "conformance/fault_log.h"
#include "sys/block_statistics.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {

// What all faults of a case share.
struct FaultSite {
  FailingDisk& disk;
  FaultLog& log;
  std::optional<sys::SetupError> unhealed = {};  // of a fault that its own end had to heal
};

class Fault {
 public:
  // From now on these sectors of the disk fail. what: the same in words, for the log. written: the
  // files whose errors may be recorded late, by errorWaiter().
  // Throws SetupError, also when another fault of the same disk is not healed yet: whose hit it was
  // could not be told.
  Fault(FaultSite& site, const std::vector<sys::SectorRange>& sectors, FaultKind kind,
        const std::string& what, std::vector<sys::File> written);
  Fault(Fault&& other) noexcept;
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;
  Fault& operator=(Fault&&) = delete;
  // As heal(), but leaves what would be thrown to the site.
  ~Fault();

  // Heals the disk, and waits until the filesystem has recorded all that failed. Throws SetupError
  // when no write has failed in between: then nothing was tested.
  void heal();
  // The same, for a fault that no write but only reads have run into.
  void healAfterReads();
  // Writes that it has failed so far. To be asked before heal().
  std::uint64_t failedWrites() const;
  // Waits until it has failed one, for writeback that others start. Throws SetupError when that
  // takes too long.
  void waitUntilHit(std::chrono::seconds limit = std::chrono::seconds(10)) const;

 private:
  // Returns what failed until then.
  sys::BlockStatistics healDisk();

  FaultSite* site_;
  std::vector<sys::File> written_;
  sys::BlockStatistics failed_before_;
};

}  // namespace conformance
