#!/usr/bin/env bash
# The end-to-end tests, one after the other.
#   e2e/run.sh [--only mutations|foreign|main|a11y|orca] [--update] [-- SPEC.test.mjs …]
# --only runs one group; --update writes the golden files anew instead of comparing (read the difference then).
# The last line is "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./env.sh

groups=(mutations foreign main a11y orca)
specs=()
while [ $# -gt 0 ]; do
  case $1 in
    --only)
      case ${2:-} in
        mutations | foreign | main | a11y | orca) groups=("$2") ;;
        *) echo "--only takes mutations, foreign, main, a11y or orca" >&2; exit 2 ;;
      esac
      shift 2
      ;;
    --update) export TUINA_UPDATE_GOLDEN=1; shift ;;
    --) shift; specs=("$@"); break ;;
    *) echo "unknown: $1; see the head of e2e/run.sh" >&2; exit 2 ;;
  esac
done

if [ ${#specs[@]} -eq 0 ]; then
  shopt -s nullglob
  for group in "${groups[@]}"; do
    specs+=("$group".test.mjs "$group".*.test.mjs "$group"/*.test.mjs)
  done
  shopt -u nullglob
  # A plain name is no glob and stays when there is no such file.
  existing=()
  for spec in "${specs[@]}"; do [ -e "$spec" ] && existing+=("$spec"); done
  specs=("${existing[@]}")
fi

mkdir -p out
tap=out/result.tap
code=0
node --test --test-concurrency=1 --test-timeout=2400000 \
  --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination="$tap" \
  "${specs[@]}" || code=$?
awk '/^# pass /{passed+=$3} /^# (fail|cancelled) /{failed+=$3} END{printf "%d passed, %d failed\n", passed, failed}' "$tap"
exit "$code"
