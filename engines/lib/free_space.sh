# SPDX-License-Identifier: GPL-2.0-only
# Losses of files that are yet to be made.

# takes_free_space: as /base/free.
takes_free_space() {
	local size end=0
	for size in 16777216 1048576 65536 4096; do # bytes
		while fallocate --offset $end --length $size /base/free 2>/dev/null; do end=$((end + size)); done
	done
}

# breaks_free_space: from now on, what is written to blocks that are free now is lost; on btrfs, all data is.
# Writes nothing of other files, but the first time on btrfs.
breaks_free_space() {
	if [[ $(stat --file-system --format=%T /base) == btrfs ]]; then
		# The file stays, or btrfs would put new data elsewhere.
		if [[ ! -e /base/free ]]; then
			takes_free_space
			must truncate --size -4M /base/free
			must sync
		fi
		must fail /base/free
		return
	fi
	takes_free_space
	must fail /base/free
	# Blocks are free once that is on the disk.
	must truncate --size 0 /base/free
	must fsync /base/free
	rm /base/free
}
