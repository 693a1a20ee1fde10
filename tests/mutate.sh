#!/bin/bash
# mutate.sh — how much would the tests notice? Changes the C of the heart one place at a time, builds that, runs the group's unit tests and tells which changes survive.
#
#     tests/mutate.sh [FILE…] [--minutes N] [--seed S]     without FILE: the heart (tests/mutate.py); 10 minutes; a survivor is shown as a diff line
#
# Works on a copy of the tracked files in build-mutate; the tree stays as it is. Not part of ./check.
set -eu
cd "$(dirname "$0")/.."
copy=build-mutate/tree
mkdir -p $copy
git ls-files -z | rsync -a --from0 --files-from=- ./ $copy/ 2>/dev/null || git ls-files -z | xargs -0 cp --parents -u -t $copy
if [ ! -f build-mutate/build/build.ninja ]; then
	linker=
	command -v ld.lld >/dev/null && linker='-Dc_link_args=-fuse-ld=lld'
	meson setup build-mutate/build $copy -Ddebug=false -Doptimization=0 -Dwerror=false $linker >build-mutate/setup.log
fi
nice ninja -C build-mutate/build unit >build-mutate/build.log || { tail -20 build-mutate/build.log; exit 1; }
exec nice python3 tests/mutate.py $copy build-mutate/build "$@"
