"""Reads a Spark event log and prints, stage by stage of the cluster job, what
was shuffled: rows, bytes as written (compressed), and bytes a row.

    PYSPARK_SUBMIT_ARGS="--conf spark.eventLog.enabled=true \
        --conf spark.eventLog.rolling.enabled=false --conf spark.eventLog.compress=false \
        --conf spark.eventLog.dir=file:///tmp/events pyspark-shell" \
        python parity.py CORPUS --engine spark --master 'local[2]' --partitions 8
    python shuffle.py /tmp/events/LOG N_DOCUMENTS
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict

# A stage is known by the table that its query writes.
WRITES = re.compile(r"/\d+/([a-z]+(?:-\d+)?)(?!\.done|[a-z0-9-])")


def main(path: str, n_documents: int) -> None:
    names: dict[str, str] = {}
    execution_of: dict[int, str] = {}
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with open(path, encoding="utf-8") as log:
        for event in map(json.loads, log):
            kind = event["Event"].rsplit(".", 1)[-1]
            if kind == "SparkListenerSQLExecutionStart":
                names[str(event["executionId"])] = stage_of(event["physicalPlanDescription"])
            elif kind == "SparkListenerJobStart":
                execution = event.get("Properties", {}).get("spark.sql.execution.id", "")
                execution_of.update(dict.fromkeys(event["Stage IDs"], execution))
            elif kind == "SparkListenerTaskEnd":
                written = (event.get("Task Metrics") or {}).get("Shuffle Write Metrics", {})
                name = names.get(execution_of.get(event["Stage ID"], ""), "checks and counts")
                rows[name][0] += written.get("Shuffle Records Written", 0)
                rows[name][1] += written.get("Shuffle Bytes Written", 0)
    print(f"{'stage':24} {'rows':>12} {'bytes':>14} {'bytes/row':>10} {'bytes/document':>15}")
    for name, (n, size) in rows.items():
        if n:
            print(f"{name:24} {n:12} {size:14} {size / n:10.1f} {size / n_documents:15.1f}")
    total = sum(size for _, size in rows.values())
    print(f"{'all':24} {'':12} {total:14} {'':10} {total / n_documents:15.1f}")


def stage_of(plan: str) -> str:
    writing = plan.split("InsertIntoHadoopFsRelationCommand", 2)
    found = WRITES.search(writing[-1]) if len(writing) > 1 else None
    return found.group(1) if found else "checks and counts"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
