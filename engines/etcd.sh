# SPDX-License-Identifier: GPL-2.0-only
# etcd on an overlay, not volatile: its log loses what is written to it.
# Not on ext4: its log takes 64 MiB at once, more than the disk has there.

data=/overlay/etcd url=http://127.0.0.1:2379 peer=http://127.0.0.1:2380

# set_up_etcd: a server that answers, $server.
set_up_etcd() {
	etcd --data-dir $data --listen-client-urls $url --advertise-client-urls $url --listen-peer-urls $peer \
		--initial-advertise-peer-urls $peer --initial-cluster default=$peer >/tmp/etcd.log 2>&1 &
	server=$!
	[[ $(becomes ok brief client endpoint health) == ok ]] || fails "etcd does not answer: $(tail -n 5 /tmp/etcd.log)"
}

client() {
	etcdctl --endpoints=$url --command-timeout=5s "$@"
}

# state: whether the server is running.
state() {
	kill -0 $server 2>/dev/null && echo running || echo ended
}

set_up_etcd
must client put key before
must fail $data/member/wal/*-*.wal
row 'etcdctl put' "$(brief client put key after)"
row 'etcdctl put, then: the server' "$(becomes ended state), $(grep -qi 'input/output error' /tmp/etcd.log && echo EIO)"
heal_after_hit
kill -KILL $server 2>/dev/null
wait $server
seen
forget
set_up_etcd
row 'etcdctl get, from a server that is started again' "$(client get --print-value-only key)"
kill $server
wait $server || true
