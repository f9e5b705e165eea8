# The Python that user code runs on: a folder of its own on Debian's python3,
# readable by everybody, built beside and moved into place.
runtime=${MAYFLY_RUNTIME:-/opt/mayfly/python}

# Two parts, each built only when it is missing or of another version: the
# packages (1.4 GB, minutes) and the fork loop in C (17 KB, a second).
python_runtime() {
	python_packages_stand || python_build
	python_nursery "$runtime"
}

# The stamp says which packages lie there. Change python_build_version when the
# way they are built changes.
python_build_version=1

python_stamp() {
	{
		echo "$python_build_version"
		cat sandbox/python/requirements.lock ${MAYFLY_RUNTIME_EXTRA:+"$MAYFLY_RUNTIME_EXTRA"}
	} | sha256sum | cut -d' ' -f1
}

python_packages_stand() {
	local have want
	have=$(cat "$runtime/.mayfly" 2>/dev/null) || return 1
	want=$(python_stamp)
	# The first is how a runtime of these same packages was stamped before the
	# fork loop had a file of its own.
	case "$have $want" in
	"e11e1098e2d1005d15f7134c84d291b86d95beb0152f2a3597eb78f0db6156e9 1b179a5ae402390eef8b8c83054ec26dddabe28946b3f1391a1ec6e23cec82b0") echo "$want" >"$runtime/.mayfly" ;;
	"$want $want") ;;
	*) return 1 ;;
	esac
}

python_build() {
	case "$runtime" in
	/root/* | /home/*) stop "MAYFLY_RUNTIME=$runtime: others cannot enter a home folder; use a path like /opt/mayfly/python" ;;
	esac
	say "building the Python runtime in $runtime: about 90 packages for user code, 1.4 GB"
	local building=$runtime.building
	rm -rf "$building"
	mkdir -p "$(dirname "$runtime")"
	python_packages "$building"
	python_finish "$building"
	python_nursery "$building"
	python_stamp >"$building/.mayfly"
	rm -rf "$runtime.old"
	if [ -e "$runtime" ]; then mv "$runtime" "$runtime.old"; fi
	mv "$building" "$runtime"
	rm -rf "$runtime.old"
}

# The zygote's fork loop (docs/adr/0022). Its name carries the hash of its source,
# by which the server knows whether it is its own (sandbox/python/doc.go). One of
# another version stays for a server that still runs.
python_nursery() {
	local into=$1 source=sandbox/python/nursery/nursery.c name
	name=nursery-$(sha256sum <$source | cut -c1-16).so
	[ -e "$into/mayfly/$name" ] && return 0
	say "compiling the jail's fork loop: $into/mayfly/$name"
	mkdir -p "$into/mayfly"
	quietly "$logs/gcc" gcc -shared -fPIC -O2 -Wall -Werror -o "$into/mayfly/$name.new" \
		-I"$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')" $source ||
		stop "gcc could not compile $source: see the lines above"
	chmod 755 "$into/mayfly"
	chmod 644 "$into/mayfly/$name.new"
	mv "$into/mayfly/$name.new" "$into/mayfly/$name"
}

python_packages() {
	local into=$1
	/usr/bin/python3 -m venv "$into"
	if ! (tools_from_lock uv); then
		say "PyPI did not answer: building from Debian's packages instead"
		python_from_debian "$into"
		return
	fi
	local install=("$tools/venv/bin/uv" pip install --python "$into/bin/python" --compile-bytecode --no-cache --system-certs)
	local pip=("$into/bin/python" -m pip --disable-pip-version-check install)
	quietly "$logs/uv" "${install[@]}" --require-hashes -r sandbox/python/requirements.lock ||
		quietly "$logs/pip" "${pip[@]}" --require-hashes -r sandbox/python/requirements.lock ||
		stop "PyPI gave only part of the packages: check the network and disk (df -h $into), and run this again"
	if [ -n "${MAYFLY_RUNTIME_EXTRA:-}" ]; then
		say "adding the operator's packages: $MAYFLY_RUNTIME_EXTRA"
		quietly "$logs/uv" "${install[@]}" -r "$MAYFLY_RUNTIME_EXTRA" ||
			stop "MAYFLY_RUNTIME_EXTRA could not be installed: see the lines above"
	fi
}

# What Debian has of the stack, older; the rest is named.
python_from_debian() {
	local into=$1
	export DEBIAN_FRONTEND=noninteractive
	quietly "$logs/apt" apt-get install -y --no-install-recommends \
		python3-numpy python3-pandas python3-matplotlib python3-scipy python3-sklearn python3-openpyxl \
		python3-xlsxwriter python3-odf python3-pil python3-seaborn python3-h5py python3-tables python3-sympy \
		python3-statsmodels python3-networkx python3-lxml python3-bs4 python3-yaml python3-tabulate \
		python3-reportlab python3-docx python3-joblib python3-tqdm python3-ipython python3-jinja2 ||
		stop "neither PyPI nor the Debian registry answers: check the network and run this again"
	local missing="pyarrow polars duckdb plotly python-calamine latex2mathml" extra
	for extra in ipywidgets pypdf; do # some releases have none
		quietly "$logs/apt-$extra" apt-get install -y --no-install-recommends "python3-$extra" || missing+=" $extra"
	done
	rm -rf "$into"
	/usr/bin/python3 -m venv --system-site-packages "$into"
	say "missing without PyPI: $missing; run make setup again when PyPI answers"
}

# What has to be there before the first run: matplotlib's list of fonts, made
# once here and not in every jail, and read permission for everybody.
python_finish() {
	local into=$1
	mkdir -p "$into/matplotlib"
	MPLCONFIGDIR="$into/matplotlib" "$into/bin/python" -I -c 'import matplotlib.font_manager' 2>/dev/null ||
		stop "the Python packages do not work together: matplotlib cannot be imported from $into"
	sed -i "1s|$into|$runtime|" "$into"/bin/* 2>/dev/null || true
	rm -f "$into/.lock" # uv leaves one that everybody may write
	chmod -R a+rX,go-w "$into"
}
