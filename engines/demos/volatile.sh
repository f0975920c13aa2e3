# SPDX-License-Identifier: GPL-2.0-only
# Series B: a container that is not kept.

set_up_podman
say 'A container on a volatile overlay: podman makes one for run --rm.'
say '/ctl is a volume; a helper in the container runs what is shown after container$.'
started volatile --rm
show told '/ctl/busybox md5sum </data'
say 'The container rewrites its file /data, and the disk fails to write that. The page cache is dropped.'
loses "$file"
forget
say 'What the container can do then:'
show told '/ctl/busybox md5sum </data'
show told '/ctl/busybox wc -c </lower'
show told 'echo x >/new'
show podman exec volatile /bin/true
show_log
show podman stop -t 0 volatile
