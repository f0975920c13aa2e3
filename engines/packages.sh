# SPDX-License-Identifier: GPL-2.0-only
# dpkg and apt in a root that is an overlay, as that of a container is, but not volatile.

root=/overlay/root

# set_up_root: Debian's programs, an empty database, and /package.deb with one file.
set_up_root() {
	local name
	mkdir -p $root/{usr,etc/apt,proc,dev,tmp,opt,var/lib/dpkg/{info,updates},var/lib/apt/lists/partial} \
		$root/var/{cache/apt/archives/partial,log/apt}
	for name in bin sbin lib lib64; do ln -s usr/$name $root/$name; done
	cp /etc/passwd /etc/group /etc/ld.so.cache $root/etc/
	touch $root/var/lib/dpkg/{status,available}
	must mount --bind /usr $root/usr
	must mount --rbind /dev $root/dev
	must mount -t proc proc $root/proc
	cp /tmp/package.deb $root/
	must sync
}

discard_root() {
	umount $root/usr $root/proc
	umount -R $root/dev
	rm -rf --one-file-system $root
}

in_root() {
	timeout 60 chroot $root "$@"
}

mkdir -p /tmp/package/DEBIAN /tmp/package/opt
printf '%s\n' 'Package: package' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@localhost>' \
	'Description: one file' >/tmp/package/DEBIAN/control
head -c 256K /dev/urandom >/tmp/package/opt/file
must dpkg-deb --build --root-owner-group /tmp/package /tmp/package.deb

for command in 'dpkg --install' 'apt-get --yes install'; do
	set_up_root
	breaks_free_space
	# Which status it is depends on which of its files is the first that is lost.
	# shellcheck disable=SC2086  # several words
	outcome=$(brief in_root $command /package.deb)
	row "$command" "${outcome#[0-9]* }"
	heal_after_hit
	seen
	discard_root
done

set_up_root
row 'dpkg --force-unsafe-io --install' "$(brief in_root dpkg --force-unsafe-io --install /package.deb)"
breaks_free_space
row 'dpkg --force-unsafe-io --install, lost later, sync --file-system' "$(brief in_root sync --file-system /)"
heal_after_hit
seen
forget
row 'dpkg --force-unsafe-io --install, lost later, then: the file' "$(brief cmp /tmp/package/opt/file $root/opt/file)"
discard_root
