# SPDX-License-Identifier: GPL-2.0-only
# What all scripts have in common: the rows of the results.

exec </dev/null 3>&1
cd /
trap 'exit 98' TERM

# fails TEXT...: ends the script, also from a subshell.
fails() {
	printf '\nerror: %s\n' "$*" >&3
	kill $$
	exit 98
}

# must COMMAND...: what a script relies on. Without it, no row of it would mean anything.
must() {
	local text
	text=$("$@" 2>&1) || fails "$*: status $?"$'\n'"$text"
}

# heal_after_hit: fails if nothing that was broken was written to.
heal_after_hit() {
	local text
	text=$(heal) || fails "heal: $text"
	[[ $text =~ after\ [1-9] ]] || fails "nothing was lost: $text"
}

# becomes VALUE COMMAND...: prints what the command does once that is VALUE, or after ten seconds what it is
# then.
becomes() {
	local value=$1 text end=$((SECONDS + 10))
	shift
	while
		text=$("$@") || fails "$*: status $?"
		[[ $text != "$value" ]] && ((SECONDS < end))
	do
		sleep 0.2
	done
	printf '%s\n' "$text"
}

# forget: what is read from now on comes from the disk.
forget() {
	echo 3 >/proc/sys/vm/drop_caches
}

# row NAME VALUE: one line of the results. Nothing has a word of its own, since an empty cell of the table is
# as the one on its left.
row() {
	[[ $* != *[$'|\t\n']* ]] || fails "a row with what a table cannot hold: $*"
	printf '\nrow\t%s\t%s\n' "$1" "${2:--}"
}

# brief COMMAND...: what came of it, in a word or two: "ok", an errno, or the status. In full: in the log.
brief() {
	local text status
	text=$("$@" 2>&1)
	status=$?
	printf '%s: status %d\n%s\n' "$*" "$status" "$text" >>/tmp/log
	case $text in
	*EIO* | *[Ii]'nput/output error'* | *'I/O error'*) text=EIO ;;
	*) text= ;;
	esac
	if ((status == 0)) && [[ -z $text ]]; then
		echo ok
	else
		echo "$status${text:+ $text}"
	fi
}

# newest_message: what overlayfs has logged last since `dmesg --clear`, without the paths in it.
newest_message() {
	dmesg | sed -n 's/.*overlayfs: //p' | tail -n 1 | sed 's/ *([^)]*)$//'
}

# For demonstrations. say TEXT...: a comment. show COMMAND...: the command, what it prints, and its status.
# show_log: what overlayfs has logged.
say() {
	printf '# %s\n' "$@"
}
show_log() {
	local text
	text=$(newest_message)
	say "The kernel's log: ${text:-nothing}"
}
show() {
	local status
	if [[ $1 == told ]]; then printf 'container$ %s\n' "${*:2}"; else printf '$ %s\n' "$*"; fi
	"$@" 2>&1 | sed 's/\([0-9a-f]\{12\}\)[0-9a-f]\{52\}/\1/g; /^$/d' | fold -s -w 118
	status=${PIPESTATUS[0]}
	((status == 0)) || printf '  (exit status %d)\n' "$status"
}
