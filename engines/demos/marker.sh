# SPDX-License-Identifier: GPL-2.0-only
# Series C: a container that is volatile, and kept.

set_up_podman
configured nodev,volatile
keeps_marker
say 'A volatile overlay leaves a marker. This podman does not remove it.'
started stays
must podman stop -t 0 stays
say 'Nothing was lost.'
agent_starts
dmesg --clear
show podman start stays
show newest_message
must podman rm -f -t 0 -a

damaged stays
must podman stop -t 0 stays
seen
say 'It has lost data, and the host has seen that.'
agent_starts
dmesg --clear
show podman start stays
show newest_message
