# SPDX-License-Identifier: GPL-2.0-only
# git on an overlay, not volatile, by what it is told to make durable: what it writes is lost.
# Not on xfs: fallocate does not get all free blocks there, and the object may get one of the others.

repository=/overlay/repository

git() {
	timeout 60 git --git-dir=$repository --work-tree=/tmp/tree "$@"
}

# same: the object is the file.
same() {
	git cat-file blob "$(git hash-object /tmp/tree/file)" | cmp - /tmp/tree/file
}

# adds NAME OPTION...: git adds a file to a repository with these options.
adds() {
	local name=$1 option outcome
	shift
	must git init --quiet
	for option in "$@"; do must git config "${option%=*}" "${option#*=}"; done
	# Not to lose a directory.
	must mkdir $repository/objects/{0..9}{{0..9},{a..f}} $repository/objects/{a..f}{{0..9},{a..f}}
	must sync
	head -c 256K /dev/urandom >/tmp/tree/file
	breaks_free_space
	outcome=$(brief git add file)
	row "git add, $name" "$outcome"
	row "git add, $name, then sync --file-system" "$([[ $outcome != ok ]] || brief sync --file-system /overlay)"
	heal_after_hit
	seen
	forget
	row "git add, $name, then: the object" "$([[ $outcome != ok ]] || brief same)"
	rm -rf $repository
}

mkdir /tmp/tree
adds 'as it comes'
adds 'core.fsync=all' core.fsync=all
adds 'core.fsyncMethod=writeout-only' core.fsync=all core.fsyncMethod=writeout-only
