# Debian packages and system users.

# One line for each: the path that tells it is there, the package, the reason.
system_needs() {
	cat <<-'END'
		/usr/lib/postgresql/*/bin/postgres postgresql the book of record
		/usr/bin/bwrap bubblewrap the outer wall round user code
		/usr/bin/python3 python3 runs user code
		/usr/lib/python3*/ensurepip python3-venv a Python folder of our own
		/usr/include/python3*/Python.h python3-dev builds the jail's C part
		/usr/bin/gcc gcc builds the jail's C part and the race detector
		/usr/include/stdio.h libc6-dev builds the jail's C part and the race detector
		/etc/fonts/fonts.conf fontconfig text in charts
		/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core text in charts
		/etc/ssl/certs/ca-certificates.crt ca-certificates checks who answers
	END
	[ "$1" = test ] || return 0
	cat <<-'END'
		/usr/bin/curl curl runs the examples of the API guide in tests
		/usr/bin/chromium chromium clicks through the pages in tests
		/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf fonts-noto-color-emoji emoji in file names, in screenshots
	END
}

system_packages() {
	local path package reason missing=()
	while read -r path package reason; do
		# shellcheck disable=SC2086 # the path is a pattern
		compgen -G "$path" >/dev/null && continue
		say "installing $package: $reason"
		missing+=("$package")
	done < <(system_needs "$1")
	[ ${#missing[@]} -gt 0 ] || return 0
	command -v apt-get >/dev/null || stop "this is not Debian or Ubuntu: install by hand: ${missing[*]}"
	no_cluster_of_its_own
	export DEBIAN_FRONTEND=noninteractive
	quietly "$logs/apt" apt-get update ||
		stop "the Debian registry did not answer: check the network and run this again"
	quietly "$logs/apt" apt-get install -y --no-install-recommends "${missing[@]}" ||
		stop "apt-get could not install ${missing[*]}: see the lines above (a full disk? df -h)"
}

# Debian starts a cluster on port 5432 when the server is installed. We keep a
# private one, so none is made, unless somebody has clusters already.
no_cluster_of_its_own() {
	local conf=/etc/postgresql-common/createcluster.conf
	if [ -e "$conf" ] || compgen -G '/etc/postgresql/*/*' >/dev/null; then
		return 0
	fi
	mkdir -p "$(dirname "$conf")"
	echo 'create_main_cluster = false' >"$conf"
}

# mayfly owns the data and the database; user code runs as mayfly-jail, which
# owns nothing.
system_users() {
	local name
	for name in mayfly mayfly-jail; do
		getent passwd "$name" >/dev/null && continue
		say "adding the system user $name: $([ "$name" = mayfly ] && echo 'owns the data' || echo 'runs user code, owns nothing')"
		useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$name"
	done
}
