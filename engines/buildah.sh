# SPDX-License-Identifier: GPL-2.0-only
# buildah: each kind of isolation, and a builder that works in the root of a container with chroot.

set_up_podman
for isolation in oci chroot; do rows_of_buildah $isolation; done

name=$(buildah from --pull-never image)
root=$(buildah mount "$name")
must mkdir -p "$root/proc" "$root/m"
must mount -t proc proc "$root/proc"
must mount -t tmpfs tmpfs "$root/m"
dd if=/dev/zero of="$root/data" bs=64k count=4 2>/dev/null
sync
exec 5<"$root/data"
loses "$(upper_of self "$root")/data" "$root/data"
row 'chroot-style builder, syncfs' "$(brief syncfs <&5)"
row 'chroot-style builder, umount m' "$(brief umount "$root/m")"
row 'chroot-style builder, umount proc' "$(brief umount "$root/proc")"
exec 5<&-
row 'chroot-style builder, buildah umount' "$(brief buildah umount "$name")"
row 'chroot-style builder, buildah rm' "$(brief buildah rm "$name")"
left_behind buildah
