# The checkers find what they are there to find.
# quick
exec python3 tests/tools_test.py
