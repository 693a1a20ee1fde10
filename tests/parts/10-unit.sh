# Unit tests of all rooms on SQLite.
# quick
exec "$BUILD/unit"
