"""Fails when a document points at something that is not there: a link, a heading, a file named in backticks, or a name
in brackets after a file that does not hold it.

Files may be named by the end of their path (`turn/endpoint.rs`). Links to other sites are not asked.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A path in backticks: with a folder or an ending that only files have. Capitals stand for a name to be chosen.
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.*-]*|[\w-]+\.(?:rs|md|toml|css|ts|py|sh))`")
# A type or function with the file that owns it: `server/agent/src/room.rs` (`Playout`).
OWNED = re.compile(r"`([\w./-]+\.rs)` \(`(\w+)`")
# Made when the program is built or run.
MADE = ("target/", "data/", "interviewos.toml")
# Media types look like paths.
MEDIA = ("audio/", "text/", "application/")


def tracked():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
                            cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return [path for path in listed.stdout.decode().split("\0") if path and (ROOT / path).exists()]


def headings(text):
    """The anchors of a document, as GitHub makes them."""
    plain = re.sub(r"```.*?```", "", text, flags=re.S)
    titles = re.findall(r"^#+ +(.*)$", plain, re.M)
    return {re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-") for title in titles}


def is_there(named, files):
    if named.startswith(MADE) or named.startswith(MEDIA) and "." not in named or re.search(r"\b[A-Z]{2,}\b", named.rpartition("/")[0] + "/" + Path(named).stem) and \
            not any(file.endswith(named) for file in files):
        return True
    if "*" in named:
        pattern = re.compile(r"(^|.*/)" + re.escape(named).replace(r"\*", "[^/]*") + "$")
        return any(pattern.match(file) for file in files)
    slashed = ["/" + file for file in files]
    end = "/" + named
    if named.endswith("/"):
        return any(end in file for file in slashed)
    return any(file.endswith(end) or end + "/" in file for file in slashed)


def main():
    files = tracked()
    broken = []
    documents = [file for file in files if file.endswith(".md")]
    for document in documents:
        text = (ROOT / document).read_text()
        for target in LINK.findall(re.sub(r"```.*?```", "", text, flags=re.S)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            found = (ROOT / document).parent / path if path else ROOT / document
            if not found.exists():
                broken.append(f"{document}: no file {target}")
            elif anchor and found.suffix == ".md" and anchor not in headings(found.read_text()):
                broken.append(f"{document}: no heading {target}")
        if document == "CHANGELOG.md":
            continue
        for named in NAMED.findall(text):
            beside = (ROOT / document).parent / named
            if not is_there(named, files) and not beside.exists():
                broken.append(f"{document}: no file `{named}`")
        for owner, name in OWNED.findall(text):
            of = [file for file in files if ("/" + file).endswith("/" + owner)]
            if of and not any(re.search(rf"\b{name}\b", (ROOT / file).read_text()) for file in of):
                broken.append(f"{document}: no `{name}` in `{owner}`")
    if broken:
        sys.exit("\n".join(["These point at nothing:", *broken]))
    print(f"{len(documents)} documents, every link and file in them is there.")


main()
