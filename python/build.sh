#!/usr/bin/env bash
# Builds the wheel: the command line first, so that the wheel can carry it,
# then the extension, both from the same core. Writes to the folder given.
#   python/build.sh OUT
set -euo pipefail
out=$(realpath -m "${1:?give the folder to write the wheel to}")
cd "$(dirname "$0")"
command -v maturin >/dev/null || { echo "maturin is missing: pip install 'maturin>=1.9,<2'" >&2; exit 2; }
target=${CARGO_TARGET_DIR:-$(realpath ..)/target}

# Both packages are named, so that both builds see the same features and share
# what was compiled.
cargo build --locked --release -p doppelt -p doppelt-python --bin doppelt
mkdir -p doppelt.data/scripts
install -m 755 "$target/release/doppelt" doppelt.data/scripts/doppelt
strip doppelt.data/scripts/doppelt 2>/dev/null || true
maturin build --locked --release --out "$out"
