#!/usr/bin/env bash
# Says what Orca says: e2e/orca/run.sh URL [KEY …], keys in xdotool's names, e.g. h Tab Return ctrl+Home.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../env.sh
[ $# -ge 1 ] || { sed -n 2p "$0"; exit 2; }
exec node listen.mjs "$@"
