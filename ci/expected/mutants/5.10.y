# SPDX-License-Identifier: GPL-2.0
# Mutants of mainline that are not of 5.10.y.
a11-path-fd-accepted
a15-only-what-was-written-through-it
a17-fsync-advances-syncfs
a18-upper-mount-not-pinned
a20-overlay-as-upper
a3-received-fd-starts-anew
a8-opened-by-handle-not-sampled
a8-sample-in-ovl-open-only
a9-remount-marks-as-seen
a9-umount-marks-as-seen
v3-directories-left-out
v3-syncfs-left-to-the-cursor
v5-alias-in-proc-mounts
v5-strict-means-volatile
