# SPDX-License-Identifier: GPL-2.0-only
# RocksDB on an overlay, not volatile, by its own tool: what it writes is lost.
# Not on btrfs: so small a log is kept among the metadata there, which does not fail.

database=/overlay/database

# ldb COMMAND...: a command on the database. The tool's status is often 0, whatever happened.
ldb() {
	local text status
	text=$(timeout 60 ldb --db=$database "$@" 2>&1)
	status=$?
	printf '%s\n' "$text"
	((status == 0)) && [[ ! $text =~ Failed|Error ]]
}

must ldb --create_if_missing put key before
[[ $(ldb get key) == before ]] || fails 'RocksDB does not store anything'

# answer: the next line of the tool that has the database open.
answer() {
	local line
	read -r -t 20 line <&"${COPROC[0]}" || fails 'ldb query does not answer'
	printf '%s\n' "$line"
}

# A database that is open writes to its log, by default without an fsync.
coproc timeout 60 ldb --db=$database query 2>&1
echo 'get key' >&"${COPROC[1]}"
until [[ $(answer) == 'key ==> before' ]]; do :; done
must sync
breaks_free_space
echo 'put key after' >&"${COPROC[1]}"
row 'RocksDB, put' "$([[ $(answer) == *succeeded ]] && echo ok)"
eval "exec ${COPROC[1]}>&-"
wait "$COPROC_PID"
row 'RocksDB, put, then sync --file-system' "$(brief sync --file-system /overlay)"
heal_after_hit
seen
forget
row 'RocksDB, put, then: the key' "$(ldb get key)"

# One that is opened replays its log into new files, with an fsync.
must sync
breaks_free_space
row 'RocksDB, open the database' "$(brief ldb compact)"
heal_after_hit
seen
forget
row 'RocksDB, open the database, then: the key' "$(ldb get key)"
