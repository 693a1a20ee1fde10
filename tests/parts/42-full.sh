# A disk that fills up while orders and photos come in: each is refused as a whole, nothing acknowledged is lost, and it goes on when there is room again.
exec unshare --user --map-root-user --mount python3 tests/http/full.py
