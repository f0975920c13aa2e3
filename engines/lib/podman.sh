# SPDX-License-Identifier: GPL-2.0-only
# podman and buildah, and their store.

podman() {
	timeout 60 podman "$@"
}
buildah() {
	timeout 60 buildah "$@"
}

# configured OPTIONS: mount options of the overlays of all containers.
configured() {
	cat >/etc/containers/storage.conf <<-X
		[storage]
		driver = "overlay"
		graphroot = "/base/store"
		runroot = "/run/containers/storage"
		[storage.options.overlay]
		mountopt = "$1"
	X
}

# set_up_podman: without networks and control groups, with the image "image".
set_up_podman() {
	mkdir -p /etc/containers
	cat >/etc/containers/containers.conf <<-X
		[containers]
		netns = "none"
		log_driver = "none"
		cgroups = "disabled"
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "none"
		runtime = "crun"
	X
	configured nodev
	make_image
	must podman import /tmp/image.tar docker.io/library/image:latest
}

# started NAME OPTION...: a container whose agent is ready, and whose file is $file.
started() {
	local name=$1
	shift
	agent_starts
	must podman run --detach --name "$name" --volume /tmp/ctl:/ctl "$@" image /ctl/busybox sh /ctl/agent
	file=$(agents_file)
}

# damaged NAME OPTION...: the same, after a loss that nobody has seen.
damaged() {
	started "$@"
	loses "$file"
}

# stopped HOW: the container "stays" is "started" or "damaged", and stopped.
stopped() {
	"$1" stays
	must podman stop -t 0 stays
}

# rows_of_both: what a container is told that is not volatile, and then "volatile", which is, and goes on.
# For podman, one that is removed when it ends is volatile.
rows_of_both() {
	damaged plain
	container_rows 'podman run'
	must podman rm -f -t 0 plain
	seen
	damaged volatile --rm
	container_rows 'podman run --rm'
}

# rows_of_next: what becomes of one that is started after an error.
rows_of_next() {
	row 'podman run --rm, another one, nobody has seen the error' "$(brief podman run --rm image /bin/true)"
	seen
	row 'podman run --rm, another one, the host has seen the error' "$(brief podman run --rm image /bin/true)"
}

# rows_of_buildah ISOLATION: a container of buildah's.
rows_of_buildah() {
	local name
	name=$(buildah from --pull-never image)
	# Its own process does as the agent of a container does.
	agent_starts
	buildah run --isolation "$1" --network host --volume /tmp/ctl:/ctl "$name" /ctl/busybox sh /ctl/agent >/dev/null 2>&1 &
	loses "$(agents_file)"
	container_rows "buildah run --isolation $1"
	agent_ends
	row "buildah run --isolation $1, buildah commit" "$(brief buildah commit "$name" "committed-$1")"
	row "buildah run --isolation $1, buildah rm" "$(brief buildah rm "$name")"
	seen
}

# keeps_marker: podman removes the kernel's marker of a volatile overlay before it mounts that again, and
# so the kernel's check with it. From now on "podman" is one that does not: the directory of the marker has
# another name in it.
keeps_marker() {
	mkdir -p /tmp/bin
	sed 's/incompatmerged/inc0mpatmerged/' /usr/bin/podman >/tmp/bin/podman
	! cmp -s /usr/bin/podman /tmp/bin/podman || fails 'this podman has its strings elsewhere'
	chmod +x /tmp/bin/podman
	PATH=/tmp/bin:$PATH
}
