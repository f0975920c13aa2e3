# SPDX-License-Identifier: GPL-2.0
# Mutants of mainline that are not of 5.10.y.
b2-acl-left-out
b2-file-flags-left-out
b2-writes-checked-too-late
b4-cannot-be-closed
v5-alias-in-proc-mounts
v5-strict-means-volatile
