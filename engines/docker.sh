# SPDX-License-Identifier: GPL-2.0-only
# dockerd with runc.

set_up_podman
must podman save --format docker-archive --output /tmp/archive.tar image

dockerd --data-root /base/docker --storage-driver overlay2 --iptables=false --ip6tables=false \
	--bridge=none >/tmp/dockerd.log 2>&1 &
daemon=$!
docker() {
	timeout 60 docker "$@"
}
for _ in $(seq 200); do
	docker version >/dev/null 2>&1 && break
	sleep 0.1
done
must docker version
must docker load --input /tmp/archive.tar
image=$(docker images --quiet)
agent_starts
must docker run --detach --network none --log-driver none --name plain --volume /tmp/ctl:/ctl "$image" /ctl/busybox sh /ctl/agent
loses "$(agents_file)"
container_rows 'docker run'
row 'docker run, docker exec' "$(brief docker exec plain /bin/true)"
row 'docker run, docker commit' "$(brief docker commit plain)"
row 'docker run, docker stop' "$(brief docker stop -t 1 plain)"
row 'docker run, docker start' "$(agent_starts; brief docker start plain)"
row 'docker run, docker rm -f' "$(brief docker rm -f plain)"
left_behind 'docker run'
kill $daemon
wait $daemon
