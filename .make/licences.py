"""Fails when a dependency has a licence that this project has not agreed to.

A short script on what Cargo and npm say themselves, since the usual tool (cargo-deny) costs many minutes to
build on a fresh machine. It covers all crates of both lock files (the other is that of the fuzzing) and all npm
packages of both theirs.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Licences that fit into a program under Apache-2.0.
ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0",
    "CC0-1.0", "ISC", "MIT", "MIT-0", "Unicode-3.0", "Unlicense", "Zlib",
}
# Agreed to for one package each, with the reason.
EXCEPTIONS = {
    ("@fontsource-variable/newsreader", "OFL-1.1"): "a font, served as it is",
    ("@fontsource-variable/source-sans-3", "OFL-1.1"): "a font, served as it is",
    ("@axe-core/playwright", "MPL-2.0"): "a test tool, not shipped",
    ("axe-core", "MPL-2.0"): "a test tool, not shipped",
    ("libfuzzer-sys", "NCSA"): "a test tool, not shipped",
}


def allowed(package, expression):
    """Whether an SPDX expression can be met with what is allowed for this package."""
    tokens = re.findall(r"\(|\)|[^\s()/]+|/", expression)
    at = 0

    def one():
        nonlocal at
        token = tokens[at]
        at += 1
        if token == "(":
            met = either()
            if at >= len(tokens) or tokens[at] != ")":
                raise ValueError("a bracket is open")
            at += 1
            return met
        if at + 1 < len(tokens) and tokens[at] == "WITH":
            token = f"{token} WITH {tokens[at + 1]}"
            at += 2
        return token in ALLOWED or (package, token) in EXCEPTIONS

    def both():
        nonlocal at
        met = one()
        while at < len(tokens) and tokens[at] == "AND":
            at += 1
            met = one() and met
        return met

    def either():
        nonlocal at
        met = both()
        # A slash is how old manifests write OR.
        while at < len(tokens) and tokens[at] in ("OR", "/"):
            at += 1
            met = both() or met
        return met

    met = either()
    if at != len(tokens):
        raise ValueError(f"cannot read past {tokens[at]}")
    return met


def crates(folder):
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--all-features"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT / folder, check=True, stdout=subprocess.PIPE).stdout)
    for package in metadata["packages"]:
        yield f"crate {package['name']} {package['version']}", package["name"], package["license"]


def npm(folder):
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    for path, package in lock["packages"].items():
        name = path.rpartition("node_modules/")[2] or lock["name"]
        yield f"npm package {name} {package.get('version', '')}", name, package.get("license")


def self_test():
    """The reader of expressions decides rightly, so that a pass means something."""
    table = {
        "MIT": True, "GPL-3.0-only": False, "MIT OR GPL-3.0-only": True, "MIT AND GPL-3.0-only": False,
        "MIT/Apache-2.0": True, "Apache-2.0 WITH LLVM-exception": True, "GPL-2.0-only WITH X": False,
        "(MIT OR Apache-2.0) AND Unicode-3.0": True, "(GPL-3.0-only OR AGPL-3.0-only) AND MIT": False,
    }
    for expression, expected in table.items():
        if allowed("any", expression) != expected:
            sys.exit(f"licences.py reads {expression!r} wrongly")


def main():
    self_test()
    count, bad = 0, []
    for who, name, licence in [*sorted({*crates("."), *crates("server/fuzz")}, key=str), *npm("frontend"), *npm("end2end")]:
        count += 1
        try:
            met = licence is not None and allowed(name, licence)
        except (ValueError, IndexError) as error:
            met, licence = False, f"{licence} ({error})"
        if not met:
            bad.append(f"  {who}: {licence or 'no licence named'}")
    if bad:
        print("Licences that are not agreed to:", *bad, sep="\n")
        sys.exit("  -> use another package, or add the licence to .make/licences.py with a reason")
    print(f"{count} packages, all under licences that are agreed to.")


main()
