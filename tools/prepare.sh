# prepare.sh — sourced by ./start and ./check, from the project's root: brings this machine to where the project can be built.
# Needs Debian 12 (or packages of the same names); says what it does, asks nothing.

say() { printf '%s\n' "$*" >&2; }
die() { say "$0: $*"; exit 1; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# missing_packages SECTION… — a package whose command is here from elsewhere (node with npm, a newer meson) is not missing.
missing_packages() {
	for section in "$@"; do
		sed -n "s/^$section://p" tools/packages
	done | tr -s ' \t' '\n' | sed '/^$/d' | while read -r p; do
		dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null | grep -q '^install ok installed' || command -v "$p" >/dev/null || echo "$p"
	done
}

# install_packages SECTION…
install_packages() {
	if ! command -v dpkg-query >/dev/null; then
		say "Not a Debian system: taking for granted that what tools/packages lists is here."
		return 0
	fi
	missing=$(missing_packages "$@" | tr '\n' ' ')
	[ -n "$missing" ] || return 0
	say "Installing packages: $missing"
	# shellcheck disable=SC2086 — a list of words
	{ as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } </dev/null >&2 ||
		die "cannot install packages; as root run: apt-get install $missing"
}

install_modules() {
	[ node_modules/.package-lock.json -nt package-lock.json ] && return 0
	say "Fetching the browser libraries (npm ci)"
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2 || die "npm ci failed: is the package registry reachable?"
	touch node_modules/.package-lock.json
}

# build_in DIR [meson option…] — sets up DIR once and builds everything in it.
build_in() {
	dir=$1
	shift
	if [ ! -f "$dir/build.ninja" ]; then
		say "Setting up $dir"
		meson setup "$dir" "$@" >"$dir.log" 2>&1 </dev/null || { tail -20 "$dir.log" >&2; die "meson setup failed, see $dir.log"; }
		mv "$dir.log" "$dir/setup.log"
	fi
	ninja -k 0 -C "$dir" </dev/null
}
