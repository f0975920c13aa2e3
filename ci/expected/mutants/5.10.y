# SPDX-License-Identifier: GPL-2.0
# Mutants of mainline that are not of 5.10.y.
v5-alias-in-proc-mounts
v5-strict-means-volatile
