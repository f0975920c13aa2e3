# SPDX-License-Identifier: GPL-2.0-only
# podman and buildah as an ordinary user: their overlays belong to a user namespace.

set_up_podman
must useradd --create-home user
must install --directory --owner=user /base/user /run/user/1000
echo 'rootless_storage_path = "/base/user/store"' >/tmp/line
must sed -i '/^graphroot/r /tmp/line' /etc/containers/storage.conf
as_user() {
	setpriv --reuid=user --regid=user --init-groups env HOME=/home/user XDG_RUNTIME_DIR=/run/user/1000 \
		timeout 60 "$@"
}
podman() {
	as_user podman "$@"
}
buildah() {
	as_user buildah "$@"
}
must podman import /tmp/image.tar docker.io/library/image:latest

rows_of_both
row 'podman run --rm, podman exec' "$(brief podman exec volatile /bin/true)"
row 'podman run --rm, podman stop' "$(brief podman stop -t 1 volatile)"
left_behind 'podman run --rm'
rows_of_next

for isolation in oci chroot; do rows_of_buildah $isolation; done
