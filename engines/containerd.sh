# SPDX-License-Identifier: GPL-2.0-only
# containerd with runc, by its own client. Volatile is an option of the snapshotter.

set_up_podman
must podman save --format docker-archive --output /tmp/archive.tar docker.io/library/image:latest

# daemon OPTION...: containerd whose overlays have these mount options.
daemon() {
	mkdir -p /etc/containerd
	cat >/etc/containerd/config.toml <<-X
		version = 2
		root = "/base/containerd"
		disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
		[plugins."io.containerd.snapshotter.v1.overlayfs"]
		mount_options = [$1]
	X
	containerd >/tmp/containerd.log 2>&1 &
	daemon=$!
	for _ in $(seq 100); do
		command ctr version >/dev/null 2>&1 && return
		sleep 0.1
	done
	fails "containerd does not answer: $(cat /tmp/containerd.log)"
}

ctr() {
	timeout 60 ctr "$@"
}

# containers: how many there are.
containers() {
	local ids
	ids=$(ctr containers ls --quiet) && wc -w <<<"$ids"
}

for kind in plain volatile; do
	options='"index=off"'
	[ $kind = plain ] || options="$options, \"volatile\""
	daemon "$options"
	[ $kind != plain ] || must ctr images import /tmp/archive.tar
	agent_starts
	ctr run --rm --mount type=bind,src=/tmp/ctl,dst=/ctl,options=rbind:rw docker.io/library/image:latest $kind \
		/ctl/busybox sh /ctl/agent >/tmp/ctr.log 2>&1 &
	loses "$(agents_file)"
	container_rows "ctr run, $kind"
	row "ctr run, $kind, ctr task exec" "$(brief ctr task exec --exec-id again $kind /bin/true)"
	row "ctr run, $kind, ctr task kill" "$(brief ctr task kill --signal KILL $kind)"
	row "ctr run, $kind, ctr containers ls" "$(becomes 0 containers) containers"
	left_behind "ctr run, $kind"
	row "ctr run, $kind, another one, nobody has seen the error" "$(brief ctr run --rm docker.io/library/image:latest again /bin/true)"
	seen
	kill $daemon
	wait $daemon
done
