# SPDX-License-Identifier: GPL-2.0
# Mutants of mainline that are not of 6.12.y.
b2-writes-checked-too-late
