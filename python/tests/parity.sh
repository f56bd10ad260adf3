#!/usr/bin/env bash
# Prints the digest of the command line's table of clusters and that of the
# same corpus on Sail, shuffled and in 1, 3 and 8 partitions; exits 1 when they
# differ. Needs the wheel, pysail and pyspark-client in the environment.
# With --pair it is the table of cross-language pairs instead.
#   python/tests/parity.sh CORPUS.jsonl [--pair] [--threshold T] [--partitions N…]
set -euo pipefail
exec "${PYTHON:-python3}" "$(dirname "$0")/parity.py" "$@"
