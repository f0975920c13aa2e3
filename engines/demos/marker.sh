# SPDX-License-Identifier: GPL-2.0-only
# Series C: a container that is volatile, and kept.

# starts_again: with a reason of the kernel, or not.
starts_again() {
	agent_starts
	dmesg --clear
	show podman start stays
	show_log
}

set_up_podman
configured nodev,volatile
say 'A container has lost what it wrote to /data, and was stopped. The host has called syncfs, and got the error.'
stopped damaged
seen
say 'The kernel leaves a marker in a volatile overlay. podman removes it before it starts the container again:'
agent_starts
show podman start stays
must podman rm -f -t 0 -a

echo
say 'The same with a podman that does not remove the marker.'
keeps_marker
stopped damaged
seen
starts_again
must podman rm -f -t 0 -a

echo
say 'Another container, which lost nothing, was stopped. The same podman starts it again:'
stopped started
starts_again
