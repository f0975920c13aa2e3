# SPDX-License-Identifier: GPL-2.0-only
# The first part of each script, in the guest's busybox: from here into Debian, which is on $DISK and
# read-only. What is written to it goes to memory. The store of the engines is on the disk that can be
# broken, /base.

debian=/debian memory=/memory
mkdir $debian $memory /image
mount -t tmpfs -o size=75% memory $memory || exit 99
mkdir $memory/upper $memory/work
mount -t ext4 -o ro,noload "$DISK" /image || exit 99
mount -t overlay -o lowerdir=/image,upperdir=$memory/upper,workdir=$memory/work debian $debian || exit 99
mount --rbind /dev $debian/dev
mkdir -p $debian/dev/pts $debian/dev/shm $debian/base $debian/overlay
mount -t devpts devpts $debian/dev/pts
mount -t tmpfs shm $debian/dev/shm
mount -t proc proc $debian/proc
mount -t sysfs sysfs $debian/sys
mount -t cgroup2 cgroup2 $debian/sys/fs/cgroup
mount -t tmpfs run $debian/run
mount -t tmpfs tmp $debian/tmp
mount --bind /base $debian/base
mount --bind /overlay $debian/overlay
ip link set lo up

mkdir $debian/run/commands
cp /init $debian/run/commands/
for name in fail heal dirty fsync syncfs; do ln -s init $debian/run/commands/$name; done
sed '1,/^# In Debian from here on/d' /script >$debian/run/script
# As in switch_root: what joins this namespace begins at its root.
cd $debian || exit 99
mount --move . / || exit 99
exec chroot . /usr/bin/env -i PATH=/run/commands:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
	/bin/bash /run/script
# In Debian from here on
