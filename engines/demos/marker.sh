# SPDX-License-Identifier: GPL-2.0-only
# Series C: a container that is volatile, and kept.

set_up_podman
configured nodev,volatile
say 'A container has lost what it wrote to /data, and was stopped. The host has called syncfs, and got the error.'
damaged stays
must podman stop -t 0 stays
seen
say 'The kernel leaves a marker in a volatile overlay. podman removes it before it starts the container again:'
agent_starts
show podman start stays
must podman rm -f -t 0 -a

echo
say 'The same with a podman that does not remove the marker.'
keeps_marker
damaged stays
must podman stop -t 0 stays
seen
agent_starts
dmesg --clear
show podman start stays
show_log
must podman rm -f -t 0 -a

echo
say 'Another container, which lost nothing, was stopped. The same podman starts it again:'
started stays
must podman stop -t 0 stays
agent_starts
dmesg --clear
show podman start stays
show_log
