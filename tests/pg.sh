#!/bin/bash
# pg.sh — a PostgreSQL server of our own for tests.
#   tests/pg.sh start DIR    makes DIR, starts a server in it on a unix socket, prints its URL
#   tests/pg.sh stop DIR     stops it and removes DIR
# As root it runs as user postgres (or nobody), because the server refuses root. Nothing is kept, so nothing is synced to disk, unless PG_DURABLE is set.
set -eu

verb=$1 dir=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "pg.sh: PostgreSQL is not installed" >&2; exit 1; }

user=$(id -un)
if [ "$user" = root ]; then
	user=postgres
	id "$user" >/dev/null 2>&1 || user=nobody
fi

# From / because the server's user may not enter the caller's folder.
as_user() {
	cd /
	if [ "$(id -u)" = 0 ]; then setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME=/ "$@"; else "$@"; fi
}

case $verb in
start)
	mkdir -p "$dir"
	sync=off
	[ -z "${PG_DURABLE:-}" ] || sync=on
	[ "$(id -u)" != 0 ] || chown "$user" "$dir"
	as_user "$bin/initdb" -D "$dir/data" -U baoxiu --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >"$dir.log" 2>&1 || { cat "$dir.log" >&2; exit 1; }
	as_user "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -s -w -t 60 start \
		-o "-c listen_addresses='' -c unix_socket_directories='$dir' -c fsync=$sync -c synchronous_commit=$sync -c full_page_writes=$sync -c max_connections=100 -c timezone=UTC" \
		>>"$dir.log" 2>&1 </dev/null || { cat "$dir.log" "$dir/server.log" >&2; exit 1; }
	as_user "$bin/createdb" -h "$dir" -U baoxiu --template template0 baoxiu
	echo "postgresql://baoxiu@/baoxiu?host=$dir"
	;;
stop)
	as_user "$bin/pg_ctl" -D "$dir/data" -s -m immediate stop >/dev/null 2>&1 </dev/null || true
	rm -rf "$dir" "$dir.log"
	;;
*)
	echo "usage: pg.sh start|stop DIR" >&2
	exit 2
	;;
esac
