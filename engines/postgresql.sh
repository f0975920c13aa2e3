# SPDX-License-Identifier: GPL-2.0-only
# PostgreSQL: a table loses its pages while syncfs is to make them durable.
# Not on btrfs: all data is broken there, also that of the files that PostgreSQL calls fsync for.

set_up_postgresql
row 'the table, before' "$(count)"

breaks_table
row 'pg_checksums --enable --sync-method=syncfs' "$(brief postgres $bin/pg_checksums --enable --sync-method=syncfs -D $cluster)"
heal_after_hit
row 'pg_checksums, then: version of the checksums, 0 without' "$(postgres $bin/pg_controldata -D $cluster | sed -n 's/^Data page checksum version: *//p')"
forget
row 'pg_checksums, then: the table' "$(count)"

seen
breaks_table
must dirty "$table"
row 'initdb --sync-only --sync-method=syncfs' "$(brief postgres $bin/initdb --sync-only --sync-method=syncfs -D $cluster)"
heal_after_hit
row 'initdb --sync-only --sync-method=syncfs, again' "$(brief postgres $bin/initdb --sync-only --sync-method=syncfs -D $cluster)"
