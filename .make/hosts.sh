#!/usr/bin/env bash
# No file may name the host of a package registry or a mirror: which one is used is each machine's own business.
# Cargo.lock names the canonical index as the source of each crate, which is its format and no host to ask.
set -euo pipefail
cd "$(dirname "$0")/.."

# The dots are in brackets so that this file does not find itself.
hosts='registry[.]npmjs|registry[.]yarnpkg|npmmirror[.]com|static[.]crates[.]io|index[.]crates[.]io|files[.]pythonhosted'
hosts+='|pypi[.]org|deb[.]debian[.]org|security[.]debian[.]org|proxy[.]golang|repo1?[.]maven'
found=$(git ls-files -z --cached --others --exclude-standard -- . ':!:Cargo.lock' ':!:server/fuzz/Cargo.lock' | xargs -0 grep -nIE "$hosts" 2>/dev/null || true)
found+=$(grep -n '"resolved"' frontend/package-lock.json end2end/package-lock.json || true)
found+=$(grep -n '^source = ' Cargo.lock server/fuzz/Cargo.lock | grep -v 'crates[.]io-index"$' || true)
if [ -n "$found" ]; then
    printf 'These lines name a package registry:\n%s\n' "$found" >&2
    printf '  -> for a package-lock.json: npm install --omit-lockfile-registry-resolved\n' >&2
    exit 1
fi
echo "No file names a package registry."
