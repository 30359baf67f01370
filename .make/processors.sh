#!/usr/bin/env bash
# Runs tests of the speech models as on another processor: one without VNNI, where ONNX Runtime has to be told to
# compute exactly. Emulated by qemu-user, so it takes its time: `short` leaves out what takes more than half a minute.
#   processors.sh short|all
set -euo pipefail

which=$1
programs=$(cargo test --locked --no-run -p speech --message-format json 2>/dev/null |
    python3 -c '
import json, sys
for line in sys.stdin:
    made = json.loads(line)
    if made.get("executable") and made["profile"]["test"]:
        print(made["target"]["name"], made["executable"])
')
run() {
    local program
    program=$(awk -v name="$1" '$1 == name { print $2 }' <<<"$programs")
    shift
    # Where cargo runs them. qemu warns of features that no test needs, and what is not chosen here is not skipped.
    (cd server/speech && qemu-x86_64 -cpu Haswell-v4 "$program" --ignored --test-threads=2 "$@" \
        2> >(grep -v '^qemu-x86_64: warning' >&2)) | sed 's/[0-9]* filtered out/0 filtered out/'
}
run speech speech_is_that_of_the_reference
run ears_models smart_turn_computes_exactly silero_judges
if [ "$which" = all ]; then
    run ears_models smart_turn_judges moonshine_writes
fi
