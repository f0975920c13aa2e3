# SPDX-License-Identifier: GPL-2.0-only
# PostgreSQL on an overlay, without a server.

bin=/usr/lib/postgresql/17/bin
cluster=/overlay/cluster

postgres() {
	setpriv --reuid=postgres --regid=postgres --clear-groups timeout 60 "$@"
}

# query SQL: what it answers, and what went wrong.
query() {
	echo "$1" | postgres $bin/postgres --single -D $cluster postgres 2>&1 |
		sed -n 's/.*[0-9]: \(.* = "[^"]*"\).*/\1/p; s/^.*\(WARNING\|ERROR\): */\1: /p'
}

# count: the rows of the table, or why not.
count() {
	query 'select count(*) from rows;' |
		sed -n 's/count = "\([0-9]*\)"/\1 rows/p; s/ERROR: \(invalid page.* in block [0-9]*\).*/\1/p' |
		head -n 1
}

# breaks_table: the blocks of the table.
breaks_table() {
	must sync
	must fail "$table"
}

# set_up_postgresql: a cluster with the table "rows", whose file is $table.
set_up_postgresql() {
	chown postgres /overlay
	must postgres $bin/initdb -D $cluster --no-sync --wal-segsize=1 --no-instructions -c max_wal_size=4MB -c min_wal_size=2MB
	query 'create table rows as select n, repeat(md5(n::text), 8) from generate_series(1, 4000) n; checkpoint;' >/dev/null
	table=$cluster/$(query "select pg_relation_filepath('rows');" | sed -n 's/.*= "\(base[^"]*\)".*/\1/p')
	must test -s "$table"
}
