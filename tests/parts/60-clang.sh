# clang with its warnings, address and undefined-behaviour sanitizers: the unit tests, then each fuzz target for FUZZ_SECONDS.
. tools/prepare.sh
export CC=clang
build_in build-clang -Dfuzz=true -Db_lundef=false >"$TMPDIR/clang.log" 2>&1 || { grep -E '(error|warning):|undefined reference' "$TMPDIR/clang.log" | sort -u; exit 1; }

failed=0
LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0 build-clang/unit || failed=1

targets=0 broken=0
for t in build-clang/fuzz_*; do
	[ -f "$t" ] && [ -x "$t" ] || continue
	name=$(basename "$t")
	corpus=$TMPDIR/$name
	mkdir "$corpus"
	seeds=tests/corpus/${name#fuzz_}
	[ -d "$seeds" ] || seeds=
	targets=$((targets + 1))
	# shellcheck disable=SC2086 — no seeds, no argument
	if "$t" -max_total_time="${FUZZ_SECONDS:-10}" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$BUILD/check/$name-" "$corpus" $seeds >"$TMPDIR/$name.log" 2>&1; then
		tail -1 "$TMPDIR/$name.log" | sed "s/^/$name: /"
	else
		broken=$((broken + 1))
		tail -30 "$TMPDIR/$name.log"
	fi
done
echo "$((targets - broken)) passed, $broken failed"
exit $((failed || broken))
