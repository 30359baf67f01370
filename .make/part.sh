#!/usr/bin/env bash
# Runs one part of the tests, and notes how it ended:
#   part.sh FOLDER NAME COMMAND...   runs the command; what it counts goes into FOLDER/parts. Ends well in any case.
#   part.sh FOLDER                   prints each part with its count and time, and the sum; fails if any part failed.
set -euo pipefail

folder=$1
parts=$folder/parts
if [ $# -gt 1 ]; then
    name=$2
    shift 2
    began=$(date +%s) status=0
    "$@" 2>&1 | tee "$folder/log" || status=$?
    # cargo: "test result: ok. 8 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; ...", once for each test binary;
    # what make test leaves out is filtered out.
    # Playwright: "  12 passed (34.5s)", and if there are any "  1 failed", "  2 skipped", "  3 did not run".
    counts=$(awk '
        /^test result: / {
            for (i = 1; i < NF; i++) {
                if ($(i + 1) == "passed;") passed += $i
                if ($(i + 1) == "failed;") failed += $i
                if ($(i + 1) == "ignored;" || $(i + 1) == "filtered") skipped += $i
            }
        }
        /^ +[0-9]+ passed( |$)/ { passed += $1 }
        /^ +[0-9]+ (failed|flaky|interrupted)( |$)/ { failed += $1 }
        /^ +[0-9]+ (skipped|did not run)( |$)/ { skipped += $1 }
        END { print passed + 0, failed + 0, skipped + 0 }
    ' "$folder/log")
    # A part that ended badly without a failed test, or well without any test, has failed all the same.
    read -r passed failed skipped <<<"$counts"
    [ "$failed" != 0 ] || { [ "$status" = 0 ] && [ "$passed" != 0 ]; } || failed=1
    printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$passed" "$failed" "$skipped" "$(($(date +%s) - began))" >>"$parts"
    exit 0
fi

awk -F '\t' '
    function line(name, passed, failed, skipped) {
        return sprintf("%-24s %5d passed, %d failed", name, passed, failed) (skipped ? ", " skipped " skipped" : "")
    }
    {
        print line($1, $2, $3, $4) ", " $5 " s"
        passed += $2; failed += $3; skipped += $4
    }
    END {
        print passed " passed, " failed " failed" (skipped ? ", " skipped " skipped" : "")
        exit failed > 0 || passed == 0
    }
' "$parts"
