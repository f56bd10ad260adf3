#!/usr/bin/env bash
# What doppelt writes for other programs, and hands to them, through their own
# validators: the action, the workflow and the GitLab job of `doppelt init`,
# the pre-commit hooks, and the reports of a check that finds something.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "check-jsonschema>=0.33" "pre-commit>=4" "junitparser>=4"
validate() { "$folder/venv/bin/check-jsonschema" --builtin-schema "vendor.$1" "${@:2}"; }
doppelt=$PWD/target/release/doppelt
if [ -n "${CARGO_TARGET_DIR:-}" ]; then doppelt=$CARGO_TARGET_DIR/release/doppelt; fi

validate github-actions action.yml
"$folder/venv/bin/pre-commit" validate-manifest .pre-commit-hooks.yaml

mkdir -p "$folder/work/seeds"
cp seeds/* "$folder/work/seeds"
cd "$folder/work"
"$doppelt" init seeds
"$doppelt" init seeds --ci gitlab
validate github-workflows .github/workflows/doppelt.yml
validate gitlab-ci doppelt.gitlab-ci.yml

mkdir new
for file in seeds/*.txt; do sed 's/2024/2023/' "$file" >"new/<a>&\"$(basename "$file")"; done
found=0
"$doppelt" check new --against seeds --quiet --format sarif --output found.sarif \
    --report found.xml --report found.json || found=$?
[ "$found" = 1 ]
if command -v npm >/dev/null; then
    (cd "$folder" && npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 | xargs tar xzf)
    "$folder/venv/bin/check-jsonschema" --regex-variant python \
        --schemafile "$folder/package/lib/schemas/sarif-2.1.0-rtm.5.json" found.sarif
else
    echo "npm is not installed: SARIF is not checked against its schema"
fi
"$folder/venv/bin/python" - <<'PYTHON'
import json
import junitparser

found = json.load(open("found.json"))["findings"]
suite = junitparser.JUnitXml.fromfile("found.xml")
failed = [case for one in suite for case in one if case.result]
assert found and failed and suite.failures == len(failed), (len(found), suite.failures)
log = json.load(open("found.sarif"))
assert len(log["runs"][0]["results"]) == len(found)
print(f"{len(found)} findings in SARIF and JSON, {len(failed)} failed cases in JUnit")
PYTHON
