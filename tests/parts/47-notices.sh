# Messages and webhooks against a mail server and a gateway of our own on the loopback, which accept, refuse, fail, hang and cut off; on both engines, and by two servers on PostgreSQL.
set -u
python3 tests/http/notices.py "$BUILD/baoxiu" "$TMPDIR/notices-sqlite"
status=$?
url=$(tests/pg.sh start "$TMPDIR/pg-notices") || exit 1
trap 'tests/pg.sh stop "$TMPDIR/pg-notices"' EXIT
python3 tests/http/notices.py "$BUILD/baoxiu" "$TMPDIR/notices-pg" "$url" && exit $status
