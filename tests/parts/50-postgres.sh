# The same unit tests on PostgreSQL.
url=$(tests/pg.sh start "$TMPDIR/pg") || exit 1
trap 'tests/pg.sh stop "$TMPDIR/pg"' EXIT
TEST_PG_URL=$url "$BUILD/unit"
