# SPDX-License-Identifier: GPL-2.0
# Mutants of mainline that are not of 6.1.y.
b2-acl-left-out
b2-writes-checked-too-late
v5-alias-in-proc-mounts
v5-strict-means-volatile
