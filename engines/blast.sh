# SPDX-License-Identifier: GPL-2.0-only
# A file of the host loses its data: what becomes of the containers on the same disk, which have lost
# nothing.

readonly containers=5

# running: how many containers are.
running() {
	local ids
	ids=$(podman ps --quiet) && wc -w <<<"$ids"
}

set_up_podman
head -c 256K /dev/urandom >/base/unrelated
for kind in plain volatile; do
	options=()
	[[ $kind == plain ]] || options=(--rm)
	for ((number = 1; number <= containers; ++number)); do
		must podman run --detach "${options[@]}" --name "$kind$number" --volume /tmp/ctl:/ctl image \
			/ctl/busybox sh -c 'while /ctl/busybox cat </lower >/dev/null; do /ctl/busybox sleep 0.1; done'
	done
	must sync
	loses /base/unrelated /base/unrelated
	row "$containers $kind containers" "$(becomes 0 running) go on"
	row "$containers $kind containers, one more, nobody has seen the error" \
		"$(brief podman run "${options[@]}" image /bin/true)"
	seen
	row "$containers $kind containers, one more, the host has seen the error" \
		"$(brief podman run "${options[@]}" image /bin/true)"
	podman rm -f -t 0 -a >/dev/null
done
