#!/usr/bin/env bash
# Everything about Python that .ci/run checks: the wheel in an empty
# environment, the tests, the same digest of both jobs on Sail and on a real
# Spark cluster with an executor that is killed, and the trap of one huge bucket.
# Environments and corpora go to a temporary folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Sail 0.7 speaks the protocol of PySpark 4.1, which does not know pandas 3.
engine_versions=("pyarrow>=15" "pandas<3")
pip() { "$folder/$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}"; }
step() { printf '\n-- %s\n' "$*"; }

step "the wheel"
for name in bare sail spark; do python3 -m venv "$folder/$name"; done
pip sail "maturin>=1.9,<2" "pytest>=8" polars datasets "pysail==0.7.*" "pyspark-client==4.1.*" "${engine_versions[@]}"
PATH="$folder/sail/bin:$PATH" python/build.sh "$folder/wheel"
for name in bare sail spark; do pip "$name" "$folder"/wheel/*.whl; done

step "the README's example in an environment that has nothing else"
sed -n '/^```python$/,/^```$/p' README.md | sed '/^```/d' >"$folder/example.py"
"$folder/bare/bin/python" "$folder/example.py" | tee "$folder/printed"
told=$("$folder/bare/bin/python" -m doppelt scan seeds --format json | sed -n 's/^  "digest": "\(.*\)",$/\1/p')
[ "$(head -1 "$folder/printed")" = "$told" ]

step "tests"
"$folder/sail/bin/python" -m pytest -q -p no:cacheprovider python/tests

step "the command line and Sail: 10,000 documents, shuffled, in 1, 3 and 8 partitions"
cargo run --locked --quiet --example make_corpus -- 10000 7 "$folder/corpus.jsonl" "$folder/gold.tsv"
PYTHON="$folder/sail/bin/python" python/tests/parity.sh "$folder/corpus.jsonl" 2>/dev/null

step "cross-language pairs: 2,000 reports, shuffled, in 1, 3 and 8 partitions"
python3 python/tests/reports.py 2000 "$folder/reports.jsonl"
PYTHON="$folder/sail/bin/python" python/tests/parity.sh "$folder/reports.jsonl" --pair 2>/dev/null

step "one huge bucket: 50,000 near-copies"
python3 python/tests/crowd.py 50000 "$folder/crowd.jsonl"
PYTHON="$folder/sail/bin/python" timeout 600 python/tests/parity.sh "$folder/crowd.jsonl" --partitions 8 2>/dev/null

step "a Spark cluster: 2,000 documents, one executor killed"
command -v java >/dev/null || { apt-get update -qq && apt-get install -y -qq openjdk-17-jre-headless >/dev/null; }
pip spark "pyspark==4.1.*" "${engine_versions[@]}"
head -2000 "$folder/corpus.jsonl" >"$folder/small.jsonl"
KILL=texts PYTHON="$folder/spark/bin/python" timeout 900 python/tests/spark_cluster.sh "$folder/small.jsonl" --partitions 3

step "the same cluster: pairs of 600 reports"
head -600 "$folder/reports.jsonl" >"$folder/small.jsonl"
PYTHON="$folder/spark/bin/python" timeout 900 python/tests/spark_cluster.sh "$folder/small.jsonl" --pair --partitions 3
