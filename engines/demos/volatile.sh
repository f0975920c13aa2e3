# SPDX-License-Identifier: GPL-2.0-only
# Series B: a container that is not kept.

set_up_podman
say 'A container on a volatile overlay: podman makes one for run --rm.'
started volatile --rm
say 'The disk loses what it has written.'
loses "$file"
show told '/ctl/busybox cat </lower >/dev/null'
show told 'echo x >/new'
show told '/bin/true'
show podman exec volatile /bin/true
show newest_message
show podman stop -t 1 volatile
