# HTTP scripts against the real server, on SQLite and on PostgreSQL.
python3 tests/http/script.py
status=$?
url=$(tests/pg.sh start "$TMPDIR/pg-http") || exit 1
trap 'tests/pg.sh stop "$TMPDIR/pg-http"' EXIT
TEST_PG_URL=$url python3 tests/http/script.py && exit $status
