// SPDX-License-Identifier: GPL-2.0
#include "conformance/requirements.h"

#include <stdexcept>
#include <string>

namespace conformance {

const std::vector<Requirement>& requirements() {
  static const std::vector<Requirement> kRequirements = {
      {"A1",
       "An fd that was open before the error: syncfs returns it once, then 0; a later, new error "
       "is "
       "returned again."},
      {"A2",
       "Every fd that was open before the error gets it once, in any order; a report on one never "
       "hides it from another."},
      {"A3",
       "dup, fork and SCM_RIGHTS share one cursor: one report for the open file description."},
      {"A4",
       "Several overlays on one upper filesystem: each fd open before the error reports; of later "
       "openers only the first one does."},
      {"A5",
       "An fd on the upper filesystem and an fd on the overlay, both open before the error, both "
       "report, whichever is asked first."},
      {"A6",
       "An unseen error goes to late openers as on the bare filesystem; once it was seen on either "
       "side, a new opener on either side gets 0."},
      {"A7",
       "Every kind of fd reports: regular, lower-only, copied up, metacopy, directory, fifo, "
       "device "
       "node, O_TMPFILE, opened by handle."},
      {"A8", "No false report: once an error was seen, a new fd of any kind gets 0."},
      {"A9",
       "Only syncfs consumes: sync, umount of another overlay, freeze, remount and quotactl leave "
       "every cursor and the unseen error as they were."},
      {"A10",
       "A non-volatile overlay mounts while its upper has an unseen error, and the error stays "
       "unseen."},
      {"A11", "Without an upper layer syncfs returns 0; on an O_PATH fd it returns EBADF."},
      {"A12",
       "An error from syncing the upper is returned; if there is a recorded error too, the first "
       "wins and the cursor advances all the same."},
      {"A13",
       "After a read-only remount of the overlay syncfs skips the sync and still checks the "
       "cursor."},
      {"A14", "The errno is the recorded one, and the latest wins."},
      {"A15", "An error caused by another user of the same upper filesystem counts."},
      {"A16",
       "N threads calling syncfs on one fd get exactly one report in all; N fds get exactly N."},
      {"A17",
       "fsync, fdatasync and O_SYNC writes, also through io_uring, behave as on the bare "
       "filesystem; "
       "the cursors of fsync and syncfs are independent."},
      {"A18",
       "With the upper filesystem lazily unmounted under a live overlay, syncfs on an old fd still "
       "reports."},
      {"A19", "An overlay in a user namespace, and idmapped mounts, behave the same."},
      {"A20",
       "An overlay as lower layer of another: the top one reports its own upper; as upper it stays "
       "refused."},
      {"V1",
       "An unseen upper error refuses a volatile mount with EIO and a message, and is not "
       "consumed; "
       "after a syncfs of the upper it mounts."},
      {"V2",
       "An error that was already seen neither blocks a volatile mount nor is reported later."},
      {"V3",
       "After an upper error that follows a volatile mount, every syncfs, fsync and fdatasync on "
       "any "
       "fd fails, for ever."},
      {"V4",
       "No error recorded but the upper cannot sync: success on a volatile mount, and no sync is "
       "issued."},
      {"V5",
       "The volatile and fsync= mount options mean what they mean today, and /proc/mounts shows "
       "them "
       "unchanged."},
      {"V6",
       "syncfs on a volatile mount gives the sticky EIO first, and the fd's cursor advances "
       "against "
       "the upper."},
      {"B1",
       "The first operation on a volatile overlay that finds a new error of the upper fails the "
       "overlay: EIO from then on, for ever, whatever the errseq does."},
      {"B2",
       "Every operation of a volatile overlay but those of B4 finds the error and fails: data, "
       "attributes, directories, lookup and every change of names."},
      {"B3", "Loads and stores through an existing mapping go on: they are not promised to fail."},
      {"B4",
       "A volatile overlay that has failed can still be closed, unmounted and looked at: statfs, "
       "stat on an open fd, /proc/mounts."},
      {"B5",
       "Each overlay that fails says so once in the kernel log; the errno is EIO, and no check "
       "consumes the error of the upper."},
      {"B6", "Overlays that are not volatile are untouched."},
      {"C1",
       "After a clean unmount another volatile mount of the same upper is allowed: same boot, same "
       "superblock, no new error since the first one."},
      {"C2",
       "A new error between the lives or in one of them refuses the next, and the log says so."},
      {"C3",
       "An upper that was mounted anew, a reboot, a crash or a reload of the module refuse the "
       "next "
       "life; so does a mount that is still there."},
      {"C4",
       "Only a volatile mount is allowed; the marker directory stays, so that an old kernel "
       "refuses."},
      {"C5",
       "A record that is absent, wrong in size, version or any field, unreadable or not writable "
       "refuses."},
      {"C6", "The sample is compared exactly: it is 0 or of an error that was seen."},
      {"C7", "With userxattr the upper is never used again."},
  };
  return kRequirements;
}

std::string_view requirementText(std::string_view id) {
  for (const Requirement& requirement : requirements()) {
    if (requirement.id == id) return requirement.text;
  }
  throw std::out_of_range("no requirement has the id " + std::string(id));
}

}  // namespace conformance
