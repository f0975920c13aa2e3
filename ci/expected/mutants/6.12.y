# SPDX-License-Identifier: GPL-2.0
# Mutants of mainline that are not of 6.12.y.
a15-only-what-was-written-through-it
a18-upper-mount-not-pinned
a3-received-fd-starts-anew
a8-opened-by-handle-not-sampled
a8-sample-in-ovl-open-only
