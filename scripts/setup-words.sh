# How setup speaks: one line for each thing, and one line when it must stop.
say() { printf 'setup: %s\n' "$*"; }
stop() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}

# quietly LOG COMMAND…: runs a long command; its output is shown only when it
# fails.
quietly() {
	local log=$1
	shift
	if ! "$@" >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		return 1
	fi
}

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
