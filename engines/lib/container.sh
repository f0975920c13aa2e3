# SPDX-License-Identifier: GPL-2.0-only
# A process in each container that does as it is told. It must be able to do so in a container whose
# files cannot be read any more; so its program and its pipes are on a volume, /ctl.

ctl=/tmp/ctl

# make_image: a root for containers, /tmp/image.tar.
make_image() {
	local image=/tmp/image name
	mkdir -p $image/bin $image/etc $ctl
	cp /usr/bin/busybox $image/bin/busybox
	for name in sh sleep cat ls dd sync true; do ln -s busybox $image/bin/$name; done
	head -c 128K /dev/urandom >$image/lower
	must tar -C $image -cf /tmp/image.tar .

	cp /usr/bin/busybox /run/commands/init $ctl/
	chmod 777 $ctl
	for name in syncfs fsync dirty; do ln -s init $ctl/$name; done
	cat >$ctl/agent <<-'X'
		# No rewriting makes it what it was; one that is there was written by an earlier run.
		[ -s /data ] || /ctl/busybox yes | /ctl/busybox dd of=/data bs=64k count=4 iflag=fullblock 2>/dev/null
		/ctl/busybox sync
		exec 5</data
		while :; do
			read -r line </ctl/in || continue
			[ "$line" != exit ] || exit 0
			answer=$(eval "$line" 2>&1) && status=0 || status=$?
			echo "$status" "$answer" >/ctl/out
		done
	X
}

# agent_starts: to be called before each container.
agent_starts() {
	rm -f $ctl/in $ctl/out
	mkfifo -m 666 $ctl/in $ctl/out
}

# agent_ends: and its container with it.
agent_ends() {
	must timeout 20 bash -c "echo exit >$ctl/in"
	[[ $(becomes 0 agents) == 0 ]] || fails 'the agent does not end'
}

# agents: how many processes of containers there are.
agents() {
	pgrep -c -f /ctl/agent || true
}

# told COMMAND...: the agent runs it; fails as it does. Waits up to 20 seconds for the agent.
told() {
	local answer
	timeout 20 bash -c "echo \"\$*\" >$ctl/in" told "$@" || { echo 'no agent' && return 98; }
	answer=$(timeout 20 cat $ctl/out) || { echo 'no answer' && return 98; }
	printf '%s\n' "${answer#* }"
	return "${answer%% *}"
}

# upper_of PID MOUNTPOINT: the upper directory of the overlay that this process sees there.
upper_of() {
	sed -n "s#^[^ ]* $2 overlay .*upperdir=\([^,]*\).*#\1#p" "/proc/$1/mounts" | tail -n 1
}

# agents_file: the one that the agent has open, on the bare filesystem.
agents_file() {
	must told true
	echo "$(upper_of "$(pgrep -f '^/ctl/busybox sh /ctl/agent')" /)/data"
}

# loses FILE [DIRTIED]: what the container writes to it is lost. The fsync that meets it is the host's;
# nobody's syncfs has seen the error yet. DIRTIED: its path, if it is not an agent's.
loses() {
	dmesg --clear
	must fail "$1"
	if [[ ${2-} ]]; then must dirty "$2"; else must told '/ctl/dirty /data'; fi
	! fsync "$1" >/dev/null || fails "nothing was lost of $1"
	heal_after_hit
}

# seen: the host has seen all errors of the store.
seen() {
	syncfs /base >/dev/null
	must syncfs /base
}

# container_rows NAME: what a container is told that has lost data.
container_rows() {
	row "$1, read a file" "$(brief told '/ctl/busybox cat </lower >/dev/null')"
	row "$1, read a file that is open" "$(brief told '/ctl/busybox head -c 1 <&5 >/dev/null')"
	row "$1, write a file" "$(brief told 'echo x >/new')"
	row "$1, start a program" "$(brief told '/bin/true')"
	row "$1, use /dev/null" "$(brief told 'echo x >/dev/null')"
	row "$1, read /proc" "$(brief told 'read -r x </proc/self/stat')"
	row "$1, syncfs" "$(brief told '/ctl/syncfs <&5'), then $(brief told '/ctl/syncfs <&5')"
	row "$1, the log" "$(newest_message)"
}

# left_behind WHAT [MARKERS]: what is still there of containers some seconds later. MARKERS: of how many
# volatile overlays (default: none).
left_behind() {
	row "$1, left behind" "$(becomes "mounts 0, processes 0, markers ${2-0}" what_is_left)"
}

what_is_left() {
	local mounts markers
	mounts=$(cat /proc/*/mounts 2>/dev/null | grep ' overlay .*upperdir=/base/' | grep -v 'upperdir=/base/upper,' | sort -u | wc -l)
	markers=$(find /base -path '*/incompat/volatile' -type d | wc -l)
	printf 'mounts %s, processes %s, markers %s\n' "$mounts" "$(agents)" "$markers"
}
