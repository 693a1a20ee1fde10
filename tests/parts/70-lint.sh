# clang-tidy (what is asked: .clang-tidy) and cppcheck (what is not wanted, and why: tests/cppcheck.txt) over every source file.
[ -f build-clang/compile_commands.json ] || CC=clang meson setup build-clang -Dfuzz=true -Db_lundef=false >"$TMPDIR/setup.log" || exit 1
ninja -C build-clang >"$TMPDIR/build.log" || exit 1

python3 - "$TMPDIR" <<'PY'
"""Own sources only: what is generated is the generator's business."""
import json, os, sys
rows = json.load(open("build-clang/compile_commands.json"))
own = [r for r in rows if os.path.normpath(os.path.join(r["directory"], r["file"])).startswith(os.getcwd() + "/") and r["file"].startswith("../") and not r["file"].endswith("_fuzz.c")]
for r in own:
    r["command"] = " ".join(w for w in r["command"].split() if not w.startswith("-fsanitize") and not w.startswith("-fno-sanitize"))
json.dump(own, open(sys.argv[1] + "/compile_commands.json", "w"))
open(sys.argv[1] + "/files", "w").write("\n".join(sorted(os.path.normpath(os.path.join(r["directory"], r["file"])) for r in own)) + "\n")
PY

files=$(wc -l <"$TMPDIR/files")
xargs -P "$(nproc)" -n 4 clang-tidy -p "$TMPDIR" --quiet --warnings-as-errors='*' <"$TMPDIR/files" >"$TMPDIR/tidy.log" 2>/dev/null
grep -E '(warning|error):' "$TMPDIR/tidy.log" | sort -u | sed "s|$PWD/||"
tidy=$(grep -E '(warning|error):' "$TMPDIR/tidy.log" | sort -u | wc -l)

cppcheck --project="$TMPDIR/compile_commands.json" -j "$(nproc)" --quiet --enable=warning,portability,performance --inline-suppr --library=posix \
	--suppressions-list=tests/cppcheck.txt --template='{file}:{line}: {severity}: {message} [{id}]' 2>"$TMPDIR/cppcheck.log" >/dev/null
sed "s|$PWD/||" "$TMPDIR/cppcheck.log" | sort -u
cpp=$(sort -u "$TMPDIR/cppcheck.log" | grep -c .)
echo "$((2 * files)) passed, $((tidy + cpp)) failed"
[ $((tidy + cpp)) = 0 ]
