# SPDX-License-Identifier: GPL-2.0-only
# podman, as root.

set_up_podman

rows_of_both
row 'podman run --rm, podman ps' "$(podman ps --format '{{.Status}}' | cut -d ' ' -f 1)"
row 'podman run --rm, podman inspect' "$(brief podman inspect volatile)"
row 'podman run --rm, podman exec' "$(brief podman exec volatile /bin/true)"
row 'podman run --rm, podman cp' "$(brief podman cp volatile:/lower /tmp/copy)"
row 'podman run --rm, syncfs by the host on a directory of merged' "$(brief syncfs "$(podman mount volatile)")"
row 'podman run --rm, podman commit' "$(brief podman commit volatile committed)"
row 'podman run --rm, podman stop' "$(brief podman stop -t 1 volatile)"
left_behind 'podman run --rm'
rows_of_next
for how in kill 'rm -f -t 0'; do
	damaged volatile --rm
	# shellcheck disable=SC2086  # several words
	row "podman run --rm, podman $how" "$(brief podman $how volatile)"
	left_behind "podman run --rm, podman $how"
	seen
done

# A container that is volatile and stays.
configured nodev,volatile
for who in nobody 'the host' 'the container'; do
	damaged stays
	case $who in
	'the host') seen ;;
	'the container') [[ $(brief told '/ctl/syncfs <&5') == '1 EIO' ]] || fails 'the container was not told' ;;
	esac
	must podman stop -t 0 stays
	agent_starts
	row "podman start of a volatile container that lost data, which $who has seen" "$(brief podman start stays)"
	seen
	must podman rm -f -t 0 stays
done
stopped started
left_behind 'podman stop of a volatile container' 1
agent_starts
row 'podman start of a volatile container that lost nothing' "$(brief podman start stays)"
must podman rm -f -t 0 stays

# What podman removes with the marker is the check of the kernel.
keeps_marker

# starts_again WHAT: with a reason of the kernel, or not.
starts_again() {
	agent_starts
	dmesg --clear
	row "podman that keeps the marker, $1" "$(brief podman start stays)"
	row "podman that keeps the marker, $1, the log" "$(newest_message)"
	seen
	must podman rm -f -t 0 -a
}

stopped started
starts_again 'start of a volatile container that lost nothing'
stopped damaged
seen
starts_again 'start of one that lost data, which the host has seen'
stopped damaged
starts_again 'start of one that lost data, which nobody has seen'
head -c 256K /dev/urandom >/base/unrelated
stopped started
loses /base/unrelated /base/unrelated
seen
starts_again 'start of one that was stopped when another file lost data'

damaged volatile --rm
seen
row 'podman system reset, with a failed container' "$(brief podman system reset -f)"
left_behind 'podman system reset, with a failed container'
row 'umount of the store' "$(becomes ok brief umount /base)"
