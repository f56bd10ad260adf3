"""The cluster job on Sail: the table of clusters of the command line, whatever
the input looks like, and a run that goes on where another ended."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

pytest.importorskip("pysail")
pytest.importorskip("pyspark")

import parity
import pyarrow as pa
import pyarrow.parquet as pq

import doppelt
from doppelt.spark import clusters_digest, dedup


@pytest.fixture(scope="module")
def spark():
    with parity.sail() as session:
        yield session


def frame(spark, records):
    rows = [(r["id"], r["text"], r.get("lang"), r.get("day")) for r in records]
    return spark.createDataFrame(rows, "id string, text string, lang string, day string")


def table(found):
    rows = sorted((row.cluster, row.id, row.keep) for row in found.clusters.collect())
    return [f"{id}\t{cluster}\t{int(keep)}" for cluster, id, keep in rows]


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({}, []),
        ({"keep": "first"}, ["--keep", "first"]),
        ({"threshold": 0.5, "shingle": 3}, ["--threshold", "0.5", "--shingle", "3"]),
        ({"threshold": 1.0}, ["--threshold", "1"]),
    ],
)
def test_the_table_is_that_of_the_command_line(
    options, flags, spark, records, corpus, command_line, tmp_path
):
    command_line("scan", corpus, "--clusters", tmp_path / "c.tsv", "--quiet", *flags)
    shuffled = random.Random(1).sample(records, len(records))
    found = dedup(frame(spark, shuffled), work=str(tmp_path / "work"), partitions=3, **options)
    assert table(found) == (tmp_path / "c.tsv").read_text().splitlines()[1:]
    assert found.digest == clusters_digest(str(tmp_path / "c.tsv"))
    assert found.counts["documents"] == 602
    kept = {row.id for row in found.kept.collect()}
    removed = {row.id: row for row in found.removed.collect()}
    assert kept.isdisjoint(removed) and len(kept) + len(removed) == 602
    assert all(row.kept in kept for row in removed.values())


@pytest.mark.parametrize(
    "options",
    [
        {"keep": "newest"},
        {"keep": "language", "prefer_languages": ["fr", "en"]},
        {"keep": "path-priority", "prefer": ["*7", "d001*"]},
        {"per_language": True},
        {"per_language": True, "keep": "newest", "threshold": 0.5},
    ],
)
def test_rules_that_need_dates_languages_or_names_are_those_of_one_machine(
    options, spark, records, tmp_path
):
    draw = random.Random(2)
    stated = [
        {
            **record,
            "lang": draw.choice(["de", "en", "fr-CA", None]),
            "day": draw.choice(["2024-10-03", "2019-05-03T08:00:00Z", "20231111", "unknown", None]),
        }
        for record in records
    ]
    plain = doppelt.scan(stated, threshold=options.get("threshold", 0.8)).clusters.rows()
    expected = doppelt.scan(stated, lang="lang", date="day", **options).clusters.rows()
    assert expected != plain
    draw.shuffle(stated)
    work = str(tmp_path / "work")
    found = dedup(frame(spark, stated), work=work, language="lang", date="day", partitions=3, **options)
    assert table(found) == [f"{id}\t{cluster}\t{int(keep)}" for id, cluster, keep in expected]


def test_removed_documents_tell_the_exact_similarity(spark, records, corpus, command_line, tmp_path):
    told = json.loads(command_line("scan", corpus, "--format", "json", "--find", "documents"))
    expected = {
        (f["places"][1]["document"], f["places"][0]["document"]): (f["rule"], f["similarity"], f["containment"])
        for f in told["findings"]
        if f.get("keep") == 0
    }
    found = dedup(frame(spark, records), work=str(tmp_path / "work"))
    rows = {
        (row.id, row.kept): (row.rule, round(row.similarity, 6), round(row.containment, 6))
        for row in found.removed.collect()
    }
    assert rows == expected


@pytest.mark.parametrize(
    ("n", "options"),
    [(300, {}), (1200, {}), (300, {"keep": "newest"}), (300, {"per_language": True, "keep": "first"})],
)
def test_one_full_bucket_is_split_as_on_one_machine(n, options, spark, tmp_path):
    """More near-copies than a bucket takes, and more copies than are listed."""
    draw = random.Random(4)
    words = [f"w{i}" for i in range(60)]
    records = [{"id": f"n{i}", "text": " ".join([*words[:-1], f"x{i}"])} for i in range(n)]
    records += [{"id": f"c{i}", "text": " ".join(words[1:])} for i in range(n)]
    stated = [
        {**record, "lang": draw.choice(["de", "en"]), "day": f"2024-10-{draw.randint(10, 30)}"}
        for record in records
    ]
    expected = doppelt.scan(stated, lang="lang", date="day", **options).clusters.rows()
    found = dedup(
        frame(spark, stated), work=str(tmp_path / "work"), language="lang", date="day", partitions=2, **options
    )
    assert table(found) == [f"{id}\t{cluster}\t{int(keep)}" for id, cluster, keep in expected]


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("us", tz="UTC")])
def test_dates_and_times_of_parquet_are_those_of_one_machine(kind, spark, tmp_path):
    """Two days that end one on either side of midnight, and some without a date."""
    words = " ".join(f"w{i}" for i in range(60))
    days = [None, 19_000, 20_001, 20_000, None, -3]
    per_day = 1 if kind == pa.date32() else 86_400_000_000
    written = pa.table(
        {
            "id": [f"d{i}" for i in range(len(days))],
            "text": [words] * len(days),
            "day": pa.array([None if day is None else day * per_day + per_day - 1 for day in days]).cast(
                pa.int32() if kind == pa.date32() else pa.int64()
            ).cast(kind),
        }
    )
    path = str(tmp_path / "in.parquet")
    pq.write_table(written, path)
    expected = doppelt.scan(path, date="day", keep="newest").clusters.rows()
    assert {cluster for _, cluster, _ in expected} == {"d2"}
    found = dedup(spark.read.parquet(path), work=str(tmp_path / "work"), date="day", keep="newest")
    assert table(found) == [f"{id}\t{cluster}\t{int(keep)}" for id, cluster, keep in expected]


def test_a_run_goes_on_where_another_ended(spark, records, tmp_path):
    work = str(tmp_path / "work")
    first = dedup(frame(spark, records), work=work)
    assert first.resumed == []
    (tmp_path / "work" / "similar.done").rename(tmp_path / "gone")
    second = dedup(frame(spark, records), work=work)
    assert second.digest == first.digest
    assert "candidates" in second.resumed and "similar" not in second.resumed
    with pytest.raises(ValueError, match="holds another run"):
        dedup(frame(spark, records), work=work, threshold=0.9)


def test_an_input_that_changed_between_stages_is_noticed(spark, records, tmp_path):
    work = str(tmp_path / "work")
    dedup(frame(spark, records), work=work)
    (tmp_path / "work" / "similar.done").rename(tmp_path / "gone")
    changed = [{**record, "text": record["text"] + " more"} for record in records]
    with pytest.raises(Exception, match="has changed"):
        dedup(frame(spark, changed), work=work)


def test_what_cannot_be_told_apart_is_refused(spark, tmp_path):
    def call(records, **options):
        return dedup(frame(spark, records), work=str(tmp_path / str(len(list(tmp_path.iterdir())))), **options)

    one = {"id": "a", "text": "one two three"}
    with pytest.raises(ValueError, match="the id a stands 2 times"):
        call([one, one])
    with pytest.raises(ValueError, match="1 documents have no id"):
        call([one, {"id": None, "text": "x"}])
    with pytest.raises(ValueError, match="no document in the input"):
        call([{"id": "a", "text": None}])
    with pytest.raises(ValueError, match="a threshold of 0 is out of range"):
        call([one], threshold=0)
    with pytest.raises(ValueError, match="no keep rule is called best"):
        call([one], keep="best")
    with pytest.raises(ValueError, match="this keep rule needs date"):
        call([one], keep="newest")
    with pytest.raises(ValueError, match="this keep rule needs prefer_languages"):
        call([one], keep="language")
    with pytest.raises(ValueError, match="the column body holds nothing"):
        dedup(frame(spark, [one]), text="body", work=str(tmp_path / "w"))


def test_a_corpus_without_duplicates_keeps_everything(spark, tmp_path):
    records = [{"id": "a", "text": "one two three"}, {"id": "b", "text": "..."}, {"id": "c", "text": None}]
    found = dedup(frame(spark, records), work=str(tmp_path / "work"))
    assert table(found) == []
    assert {row.id for row in found.kept.collect()} == {"a", "b"}
    assert found.counts == {
        "documents": 2, "skipped": 1, "candidates": 0, "pairs": 0, "clustered": 0, "removed": 0,
    }


def test_the_job_for_spark_submit_writes_tables_and_the_cleaned_corpus(
    records, corpus, command_line, tmp_path
):
    command_line("scan", corpus, "--clusters", tmp_path / "c.tsv", "--quiet")
    given = parity.parted(corpus, tmp_path, 2, seed=3)
    with parity.sail_server() as address:
        command = [sys.executable, "-m", "doppelt.spark", given, "--remote", address]
        command += ["--work", tmp_path / "work", "--cleaned", tmp_path / "cleaned", "--partitions", "2"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        again = subprocess.run(list(map(str, [*command, "--threshold", "0.9"])), capture_output=True, text=True)
        assert again.returncode == 2 and "holds another run" in again.stderr
    assert told["digest"] == clusters_digest(str(tmp_path / "c.tsv"))
    removed = parity.pq.read_table(tmp_path / "work" / "removed").to_pylist()
    cleaned = parity.pq.read_table(tmp_path / "cleaned").to_pylist()
    assert len(removed) == told["removed"] and len(cleaned) == 602 - told["removed"]
    expected = {record["id"]: record["text"] for record in records}
    for row in removed:
        del expected[row["id"]]
    assert {row["id"]: row["text"] for row in cleaned} == expected
