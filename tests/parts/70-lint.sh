# clang-tidy (what is asked: .clang-tidy) and cppcheck (what is not wanted, and why: tests/cppcheck.txt) over every source file.
# Takes long.
# named
. tools/prepare.sh
CC=clang build_in build-clang -Dfuzz=true -Db_lundef=false >"$TMPDIR/build.log" 2>&1 || { tail -40 "$TMPDIR/build.log"; exit 1; }
python3 tests/lint_source.py build-clang "$TMPDIR" || exit 1

xargs -P "$(nproc)" -n 4 clang-tidy -p "$TMPDIR" --quiet --warnings-as-errors='*' <"$TMPDIR/files" >"$TMPDIR/tidy.log" 2>/dev/null
cppcheck -j "$(nproc)" --quiet --language=c --std=c11 --enable=warning,portability,performance --library=posix \
	--suppressions-list=tests/cppcheck.txt --template='{file}:{line}: {severity}: {message} [{id}]' "$TMPDIR/pre" >/dev/null 2>"$TMPDIR/cppcheck.log"

grep -hE '(warning|error|portability|performance):' "$TMPDIR/tidy.log" "$TMPDIR/cppcheck.log" | sed "s|$PWD/||; s|build-clang/||; s|^\(\.\./\)*||" | sort -u | tee "$TMPDIR/found"
files=$(wc -l <"$TMPDIR/files")
found=$(wc -l <"$TMPDIR/found")
echo "$files passed, $found failed"
[ "$found" = 0 ]
