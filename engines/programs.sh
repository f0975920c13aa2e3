# SPDX-License-Identifier: GPL-2.0-only
# Programs on an overlay, not volatile, that rewrite a file and make it durable: who is told that it is
# lost? All write in place.

file=/overlay/file

# loses_file: from now on, the file cannot be written.
loses_file() {
	must cp --remove-destination /tmp/content $file
	must sync
	must fail "$file"
}

# tries NAME COMMAND...: whether it is told. Afterwards the host has seen the error.
tries() {
	local name=$1
	shift
	loses_file
	row "$name" "$(brief "$@")"
	fsync /base/upper/file >/dev/null
	heal_after_hit
	seen
}

# rewritten COMMAND...: another program has written to the file, and this one makes it durable.
rewritten() {
	must dirty $file
	"$@"
}

head -c 256K /dev/urandom >/tmp/content
head -c 256K /dev/urandom >/tmp/other
tries 'dd conv=fsync' dd if=/tmp/other of=$file bs=64k conv=notrunc,fsync status=none
tries 'dd oflag=dsync' dd if=/tmp/other of=$file bs=64k oflag=dsync conv=notrunc status=none
tries 'rsync --inplace --fsync' rsync --inplace --ignore-times --no-whole-file --fsync /tmp/other $file
tries 'rsync --inplace' rsync --inplace --ignore-times --no-whole-file /tmp/other $file
tries 'sync FILE' rewritten command sync $file
tries 'sync --file-system FILE' rewritten command sync --file-system $file
tries 'sync' rewritten command sync

rm -f /tmp/content
must sqlite3 /tmp/content 'create table t (n text); with recursive c(n) as (select 1 union all select n + 1 from c where n < 4000) insert into t select printf("%064d", n) from c;'
for journal in delete wal; do
	must sqlite3 /tmp/content "pragma journal_mode=$journal"
	loses_file
	row "sqlite3, journal_mode=$journal" "$(brief sqlite3 $file "update t set n = n || 'x'; pragma wal_checkpoint(truncate);")"
	heal_after_hit
	seen
	forget
	row "sqlite3, journal_mode=$journal, the table afterwards" "$(sqlite3 $file 'pragma integrity_check;' 2>&1 | head -n 1 | cut -c 1-60)"
	rm -f $file $file-wal $file-shm $file-journal
done
