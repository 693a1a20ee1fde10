# clang-tidy and cppcheck over every source: tests/lint.py.
exec python3 tests/lint.py "$BUILD"
