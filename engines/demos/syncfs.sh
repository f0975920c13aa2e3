# SPDX-License-Identifier: GPL-2.0-only
# Series A: PostgreSQL rewrites a table, and trusts syncfs.

set_up_postgresql
say 'The data directory is on an overlay. A table has 4000 rows.'
say 'From now on the disk fails to write its blocks.'
breaks_table
say 'pg_checksums rewrites all blocks, and makes them durable with syncfs.'
show postgres $bin/pg_checksums --enable --sync-method=syncfs -D $cluster
heal_after_hit
say 'The disk works again. What is on it?'
forget
show query 'select count(*) from rows;'
