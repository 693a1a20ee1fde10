# Pictures that come in: metadata gone, broken ones and bombs refused, small ones handed out.
python3 tests/http/pictures.py "$BUILD/baoxiu" "$TMPDIR/pictures"
