#!/usr/bin/env bash
# dev.sh TARGET PORT [FLAG...]: builds for development and serves, and does both anew whenever a source changes; pages
# that are open load themselves anew. What does not compile is shown, and the server before it goes on serving.
#
# It looks twice a second whether a file is newer than the last build, which needs no tool for watching files.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$1 port=$2
shift 2
wasm=$target/wasm32-unknown-unknown/debug/frontend.wasm
site=$target/debug/site
server=
stamps=$(mktemp -d)

say() { printf '\n==> %s\n' "$*"; }

stop() {
    [ -n "$server" ] || return 0
    kill "$server" 2>/dev/null || true
    # Whoever follows an interview would hold it up; what was said is on the disk.
    for _ in {1..20}; do
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
trap 'stop; rm -rf "$stamps"' EXIT
trap 'exit 0' INT TERM

# True if something in these folders and files is newer than the last build that took them up; that build is this one
# then. A folder is newer, too, once a file in it was removed.
changed() {
    local stamp=$stamps/$1
    shift
    touch "$stamp.now"
    if [ -e "$stamp" ] && [ -z "$(find "$@" -name node_modules -prune -o -newer "$stamp" -print -quit)" ]; then
        return 1
    fi
    mv "$stamp.now" "$stamp"
}

# Builds what is due. What fails stays due.
site_due='' server_due=''
build() {
    if [ -n "$site_due" ]; then
        cargo build -p frontend --target wasm32-unknown-unknown || return 1
        "$target/release/bundle" --dev . "$wasm" "$site" || return 1
        site_due=
    fi
    if [ -n "$server_due" ]; then
        cargo build -p server || return 1
        server_due=
    fi
}

# Fails if the server ends before it answers; it has then said why.
serve() {
    stop
    "$target/debug/interviewos" serve --port "$port" "$@" &
    server=$!
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.1
    done
    # Pages look at it (frontend/bundle/src/develop.js).
    date +%s%N >"$site/assets/started.txt"
}

say 'What makes the site (once)'
cargo build --locked --release -p bundle
while true; do
    due=
    if changed site app frontend style Cargo.toml Cargo.lock; then site_due=yes due=yes; fi
    if changed server app server migrations Cargo.toml Cargo.lock; then server_due=yes due=yes; fi
    if [ -n "$due" ]; then
        began=$SECONDS
        if build && serve "$@"; then
            say "Built and serving after $((SECONDS - began)) s"
        else
            say 'Not served: it is tried again with the next change'
        fi
    fi
    sleep 0.5
done
