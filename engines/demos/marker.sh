# SPDX-License-Identifier: GPL-2.0-only
# Series C: a container that is volatile, and kept.

# with_a_loss: the container "stays" has lost what it wrote, which the host knows, and is stopped.
with_a_loss() {
	damaged stays
	show told '/ctl/busybox md5sum </data'
	must podman stop -t 0 stays
	seen
	forget
}

# starts_again: with a reason of the kernel, or not.
starts_again() {
	agent_starts
	dmesg --clear
	show podman start stays
	show_log
}

set_up_podman
configured nodev,volatile
say 'A container rewrites its file /data; the disk fails to write that, and the host is told. The container is stopped.'
with_a_loss
say 'The kernel leaves a marker in a volatile overlay. podman removes it before it starts the container again, and the'
say 'check of the kernel with it. The container starts, and /data is what it was:'
starts_again
show told '/ctl/busybox md5sum </data'
must podman rm -f -t 0 -a

echo
say 'The same with a podman that does not remove the marker.'
keeps_marker
with_a_loss
starts_again
must podman rm -f -t 0 -a

echo
say 'Another container, which lost nothing, was stopped. The same podman starts it again:'
stopped started
starts_again
