#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What a container on a volatile overlay notices when its disk fails; see demo-volatile.md. Runs in
# the guest, whose shell is busybox, with a volatile overlay on /overlay:
#
#   ./ovl-syncfs shell --volatile <Documentation/demo-volatile.sh

# On each order, the application writes a record over the last one and reads it back; at the end it
# syncs. All of it runs inside the shell, which loads nothing from the overlay.
cat >application <<'END'
serve() {
	n=0
	while read -r order; do
		case $order in
		record)
			n=$((n + 1))
			printf "record %-131064d\n" "$n" 1<>data || exit 1
			read -r word number <data || exit 1
			echo "  application: wrote and read back $word $number"
			;;
		end)
			dd if=application of=data conv=notrunc,fsync 2>&- || {
				echo "  application: fsync failed"
				exit 1
			}
			echo "  application: synced its data"
			exit 0
			;;
		esac
		echo done >&9
	done
}
serve
END

# Its container is a mount namespace in which the overlay is the root.
mkdir bin old
cp /bin/busybox bin
cat >/tmp/container <<'END'
mount --bind /overlay /overlay
cd /overlay
pivot_root . old
umount -l /old
exec /bin/busybox sh /application
END
mkfifo /tmp/orders /tmp/answers
unshare -m sh /tmp/container </tmp/orders 9>/tmp/answers 2>&1 &
container=$!
exec 7>/tmp/orders 8</tmp/answers

# Sends the application an order, and waits until it is done or the application has ended.
tell() {
	kill -0 "$container" 2>/dev/null || return
	echo "$1" >&7
	read -r _ <&8
}

echo "The container runs."
tell record
tell record
echo "The disk fails while the kernel writes back."
fail
tell record
sync
heal
echo "The container goes on."
tell record
tell record
tell end
wait "$container"
echo "The container has ended with status $?. The kernel log about its overlay:"
dmesg | grep -o 'overlayfs: .*' || echo '(nothing)'
