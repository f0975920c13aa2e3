# SPDX-License-Identifier: GPL-2.0-only
# podman, as root.

set_up_podman

damaged plain
container_rows 'podman run'
must podman rm -f -t 0 plain
seen

# A container that is removed when it ends is volatile: podman's choice.
damaged volatile --rm
container_rows 'podman run --rm'
row 'podman run --rm, podman ps' "$(podman ps --format '{{.Status}}' | cut -d ' ' -f 1)"
row 'podman run --rm, podman inspect' "$(brief podman inspect volatile)"
row 'podman run --rm, podman exec' "$(brief podman exec volatile /bin/true)"
row 'podman run --rm, podman cp' "$(brief podman cp volatile:/lower /tmp/copy)"
row 'podman run --rm, podman commit' "$(brief podman commit volatile committed)"
row 'podman run --rm, podman stop' "$(brief podman stop -t 1 volatile)"
left_behind 'podman run --rm'
row 'podman run --rm, another one, nobody has seen the error' "$(brief podman run --rm image /bin/true)"
seen
row 'podman run --rm, another one, the host has seen the error' "$(brief podman run --rm image /bin/true)"
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
	'the container') told '/ctl/syncfs <&5' ;;
	esac
	must podman stop -t 0 stays
	agent_starts
	row "podman start of a volatile container that lost data, which $who has seen" "$(brief podman start stays)"
	seen
	must podman rm -f -t 0 stays
done
started stays
must podman stop -t 0 stays
agent_starts
row 'podman start of a volatile container that lost nothing' "$(brief podman start stays)"
must podman rm -f -t 0 stays

# What podman removes with the marker is the check of the kernel.
keeps_marker
for what in nothing data; do
	if [[ $what == nothing ]]; then started stays; else damaged stays; fi
	must podman stop -t 0 stays
	seen
	agent_starts
	dmesg --clear
	row "podman that keeps the marker, start of a volatile container that lost $what" "$(brief podman start stays)"
	row "podman that keeps the marker, lost $what, the log" "$(newest_message)"
	must podman rm -f -t 0 -a
	seen
done

row 'podman system reset' "$(brief podman system reset -f)"
row 'podman, umount of the store' "$(brief umount /base)"
