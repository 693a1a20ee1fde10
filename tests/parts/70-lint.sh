# clang-tidy and cppcheck over every source: tests/lint.py.
. tools/prepare.sh
CC=clang build_in build-clang -Dfuzz=true -Db_lundef=false >"$TMPDIR/build.log" 2>&1 || { tail -40 "$TMPDIR/build.log"; exit 1; }
exec python3 tests/lint.py build-clang
