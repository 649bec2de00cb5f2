# needs.sh: what ./run and ./check share: looking for what is missing, and getting it. Sourced, not run; the caller has
# `set -eu` and stands in the project's folder. Nothing here touches the network where everything is there already.

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$(basename -- "$0"): $*" >&2; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

installed() { # package
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Debian packages that are not installed yet, out of those named.
missing_packages() {
    for package in "$@"; do
        installed "$package" || printf '%s ' "$package"
    done
}

# Installs those Debian packages that are missing; on another system, says what it would have wanted.
need_packages() {
    if ! has dpkg-query || ! has apt-get; then
        say "This is not a Debian system: these packages, or what they are called here, must be there: $*"
        return
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif has sudo; then
        as_root=sudo
    else
        fail "these packages are missing: ${missing}
You are not root and there is no sudo. Ask an administrator to run:  apt-get install ${missing}"
    fi
    say "Installing: ${missing}"
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of words on purpose
    if ! { $as_root apt-get update &&
           $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
         >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install: ${missing}(see above; is there a network?)"
    fi
    rm -f "$log"
}

# A PostgreSQL server's programs, for tests that start their own (tests/lib/postgres.mjs). Debian's package would also make a
# cluster "main" and start it with the machine: a line among the answers of createcluster.conf keeps it from that, for as long
# as the installation takes. Where the programs are there already, so may be somebody's server: nothing is touched.
need_postgres() {
    for initdb in /usr/lib/postgresql/*/bin/initdb "$(pg_config --bindir 2>/dev/null || true)/initdb"; do
        [ ! -x "$initdb" ] || return 0
    done
    has apt-get || { need_packages postgresql; return; } # which says what is wanted
    [ "$(id -u)" = 0 ] && as_root= || as_root=sudo
    no_cluster=/etc/postgresql-common/createcluster.d/asialla-check.conf
    { $as_root mkdir -p "${no_cluster%/*}" && echo 'create_main_cluster = false' | $as_root tee "$no_cluster"; } >/dev/null 2>&1 || true
    (need_packages postgresql) && there=0 || there=1
    $as_root rm -f "$no_cluster" 2>/dev/null || true
    return "$there"
}

# Chromium without a browser's windows, which takes less of the processor; where there is no such package, the whole browser.
need_browser() {
    (need_packages chromium-headless-shell) || need_packages chromium
}

node_is_good() {
    has node && has npm && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 18 ]
}

# The machine's own Node where it is new enough, else Debian's (18).
need_node() {
    node_is_good || need_packages nodejs npm
    node_is_good || fail "Node.js 18 or later, with npm, is needed; found: $(node --version 2>&1 || true)"
}

# npm's packages as package-lock.json has them: `need_modules FOLDER... [-- options of npm ci]`. The folders tell whether
# what is wanted is there; a lock file newer than what was installed asks again.
need_modules() {
    wanted=
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        [ -d "node_modules/$1" ] || wanted=$1
        shift
    done
    [ $# -eq 0 ] || shift
    stamp=node_modules/.package-lock.json
    if [ -f "$stamp" ] && [ package-lock.json -nt "$stamp" ]; then
        wanted=package-lock.json
    fi
    [ -n "$wanted" ] || return 0
    need_node
    say "Fetching the npm packages of package-lock.json"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "$@" || fail "npm ci did not succeed (see above; is there a network?)"
}

# A build folder brought up to date: `build FOLDER TARGETS... -- options of meson setup`.
build() {
    folder=$1
    shift
    targets=
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        targets="$targets $1"
        shift
    done
    [ $# -eq 0 ] || shift
    mkdir -p "$folder"
    # set up anew where the options are others than last time, or there was no last time
    if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/options" 2>/dev/null)" != "$*" ]; then
        again=
        [ ! -f "$folder/build.ninja" ] || again=--reconfigure
        meson setup $again "$folder" "$@" >"$folder/setup.log" 2>&1 ||
            { tail -n 30 "$folder/setup.log" >&2; fail "meson could not set up $folder"; }
        printf '%s\n' "$*" >"$folder/options"
    fi
    # shellcheck disable=SC2086 # a list of words on purpose
    ninja -C "$folder" $targets >"$folder/ninja.log" 2>&1 ||
        { grep -v '^\[[0-9]*/[0-9]*\] ' "$folder/ninja.log" | tail -n 60 >&2; fail "the build in $folder failed"; }
}

# What the program is built from, on Debian 12.
BUILD_PACKAGES="build-essential meson ninja-build pkg-config libmicrohttpd-dev libcurl4-openssl-dev libsqlite3-dev libjansson-dev \
libsodium-dev libqrencode-dev libpq-dev libssl-dev libsystemd-dev libbrotli-dev zlib1g-dev"
# Finnish words for the search, looked for at run time: it works without them too, by letters alone.
WORD_PACKAGES="libvoikko1 voikko-fi"
BUILD_MODULES="hds-design-tokens @fontsource/atkinson-hyperlegible-next"

# Programs that read our calendar files in tests/ical.
CALENDAR_PACKAGES="libical-dev python3-icalendar php-cli php-sabre-vobject"
