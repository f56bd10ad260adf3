#!/usr/bin/env bash
# The same comparison on a real Spark cluster: a master and two workers as
# processes of their own on 127.0.0.1, started here and ended here. With
# KILL=STAGE one executor is killed while the stage after STAGE is running.
# Needs Java 17 or newer, and the wheel and pyspark in the environment.
#   python/tests/spark_cluster.sh CORPUS.jsonl [--pair] [--partitions N…]
set -euo pipefail
here=$(dirname "$0")
python=${PYTHON:-python3}
export SPARK_HOME PYSPARK_PYTHON="$python" SPARK_LOCAL_IP=127.0.0.1
SPARK_HOME=$("$python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))')
folder=$(mktemp -d)
started=()
finish() {
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
master=spark://127.0.0.1:$port
spark_class="$SPARK_HOME/bin/spark-class"
"$spark_class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port 0 \
    2>"$folder/master.log" & started+=($!)
workers=()
for n in 1 2; do
    "$spark_class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 1 --memory 800m \
        --work-dir "$folder/worker-$n" "$master" 2>"$folder/worker-$n.log" & started+=($!); workers+=($!)
done
for _ in $(seq 60); do
    [ "$(grep -c 'Registering worker' "$folder/master.log" 2>/dev/null)" = 2 ] && break
    sleep 0.5
done

kill_an_executor() {
    # Once the stage is marked as done the next one is running on both workers.
    until compgen -G "$folder/work/*/$1.done/_SUCCESS" >/dev/null; do sleep 0.1; done
    sleep 0.7
    # A worker has other children for moments; the executor is known by its class.
    executor=$(pgrep -f CoarseGrainedExecutorBackend -P "${workers[0]}" | head -1)
    kill -9 "$executor" && echo "killed executor $executor after the stage $1" >"$folder/killed"
}
if [ -n "${KILL:-}" ]; then kill_an_executor "$KILL" & started+=($!); fi

"$python" "$here/parity.py" --engine spark --master "$master" --work "$folder/work" "$@" 2>"$folder/driver.log" || {
    code=$?
    tail -40 "$folder/driver.log" >&2
    exit "$code"
}
if [ -n "${KILL:-}" ]; then
    cat "$folder/killed"
    # The master must have seen it go and have started another; it may take a while to notice.
    replaced() {
        grep -q 'Removing executor' "$folder/master.log" &&
            [ "$(grep -c 'Launching executor' "$folder/master.log")" -ge 3 ]
    }
    for _ in $(seq 60); do replaced && break; sleep 0.5; done
    replaced || { tail -n 40 "$folder"/master.log "$folder"/worker-1.log >&2; exit 1; }
    grep -m1 -o 'Removing executor.*' "$folder/master.log"
fi
