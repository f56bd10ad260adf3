#!/usr/bin/env bash
# Opens the HTML report in Chromium and uses it as a reader would.
#
#   tests/browser/run.sh [DOPPELT]      the binary; target/debug/doppelt unless named
#
# Needs Node.js 20 and Chromium (CHROMIUM, else the first on PATH).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
DOPPELT=$(realpath "${1:-${CARGO_TARGET_DIR:-$root/target}/debug/doppelt}")
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
export DOPPELT CHROMIUM
cd "$here"
npm ci --ignore-scripts --no-audit --no-fund --silent
exec node --test --test-reporter=spec report.test.mjs
