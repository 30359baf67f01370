#!/usr/bin/env bash
# Runs tests of the models as on another processor: one without VNNI, where ONNX Runtime has to be told to
# compute exactly. Emulated by qemu-user, so it takes its time: `short` leaves out what takes more than half a minute.
#   processors.sh short|all
set -euo pipefail

which=$1
programs=$(cargo test --locked --no-run -p speech -p reading-train --message-format json 2>/dev/null |
    python3 -c '
import json, sys
for line in sys.stdin:
    made = json.loads(line)
    if made.get("executable") and made["profile"]["test"]:
        print(made["target"]["name"], made["executable"])
')
# In this folder, of this program, these tests.
run() {
    local folder=$1 program
    program=$(awk -v name="$2" '$1 == name { print $2 }' <<<"$programs")
    shift 2
    # Where cargo runs them. qemu warns of features that no test needs, and what is not chosen here is not skipped.
    (cd "$folder" && qemu-x86_64 -cpu Haswell-v4 "$program" --ignored --test-threads=2 "$@" \
        2> >(grep -v '^qemu-x86_64: warning' >&2)) | sed 's/[0-9]* filtered out/0 filtered out/'
}
run server/speech speech speech_is_that_of_the_reference
run server/speech ears_models smart_turn_computes_exactly silero_judges
if [ "$which" = all ]; then
    run server/speech ears_models smart_turn_judges moonshine_writes
    run server/reading/train committed lines_are_read
fi
