# Hostile text and hostile clients against the real server.
python3 tests/http/hostile.py
status=$?
python3 tests/http/torture.py "$BUILD/baoxiu" quick && echo "1 passed, 0 failed" && exit $status
