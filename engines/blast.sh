# SPDX-License-Identifier: GPL-2.0-only
# A file of the host loses its data: what becomes of the containers on the same disk, which have lost
# nothing.

readonly containers=5

# running: how many containers are.
running() {
	pgrep -c -f '^/ctl/busybox sh -c exec 2>/ctl/messages' || true
}

# messages: of those that have ended.
messages() {
	cat $ctl/messages-* | sed 's/.*: //' | sort | uniq -c | sed 's/^ *\([0-9]*\) /\1: /'
}

set_up_podman
head -c 256K /dev/urandom >/base/unrelated
for kind in plain volatile fail-stop; do
	what="$containers $kind containers" options=()
	[[ $kind != volatile ]] || options=(--rm)
	[[ $kind != fail-stop ]] || configured nodev,fsync=volatile-failstop
	dmesg --clear
	if [[ $kind == fail-stop && $(brief podman run image /bin/true) != ok ]]; then
		row "$what" "not started: $(dmesg | sed -n 's/.*overlay: //p' | grep fsync | tail -n 1)"
		row "$what, what they say" ''
		continue
	fi
	for ((number = 1; number <= containers; ++number)); do
		must podman run --detach "${options[@]}" --name "$kind$number" --volume /tmp/ctl:/ctl image /ctl/busybox sh -c \
			"exec 2>/ctl/messages-$number; while /ctl/busybox cat </lower >/dev/null; do /ctl/busybox sleep 0.5; done"
	done
	must sync
	loses /base/unrelated /base/unrelated
	row "$what" "$(becomes 0 running) go on"
	row "$what, what they say" "$(messages)"
	if [[ $kind != fail-stop ]]; then
		row "$what, one more, nobody has seen the error" "$(brief podman run "${options[@]}" image /bin/true)"
		seen
		row "$what, one more, the host has seen the error" "$(brief podman run "${options[@]}" image /bin/true)"
	fi
	podman rm -f -t 0 -a >/dev/null
done
