"""Cross-language pairs on Sail: the table of `doppelt pair`, whatever the input
looks like, and a run that goes on where another ended."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pysail")
pytest.importorskip("pyspark")

import parity
import reports as invented

from doppelt.spark import pair, pairs_digest
from doppelt.spark._pair import apart

SEEDS = Path(__file__).parents[2] / "seeds"

@pytest.fixture(scope="module")
def spark():
    with parity.sail() as session:
        yield session


@pytest.fixture(scope="module")
def reports() -> list[dict[str, str]]:
    """The seeds, invented reports, more copies of one than are looked at, and
    documents that are in no pair."""
    records = [{"id": path.name, "text": path.read_text()} for path in sorted(SEEDS.glob("*.txt"))]
    records += invented.reports(300, seed=3)
    told = next(record["text"] for record in records if record["text"].startswith("President"))
    records += [{"id": f"copy{i}", "text": told} for i in range(30)]
    records += [{"id": "fr", "text": "Le président est arrivé à Minsk mercredi pour une visite de deux jours."},
                {"id": "empty", "text": ""}, {"id": "none", "text": "..."}]
    return records


def written(path: Path, records: list[dict[str, str | None]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def frame(spark, records):
    rows = [(r["id"], r["text"], r.get("lang"), r.get("day")) for r in records]
    return spark.createDataFrame(rows, "id string, text string, lang string, day string")


def table(found):
    rows = sorted((-row.score, row.left, row.right) for row in found.pairs.collect())
    return [f"{left}\t{right}\t{-score:.4f}" for score, left, right in rows]


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({"partitions": 1}, []),
        ({"partitions": 3, "min_score": 0.0}, ["--min-score", "0"]),
        ({"partitions": 8, "languages": ("en", "de")}, ["--languages", "en,de"]),
        ({"partitions": 2, "one_to_one": True}, ["--one-to-one"]),
        ({"partitions": 5, "one_to_one": True, "min_score": 0.0}, ["--one-to-one", "--min-score", "0"]),
    ],
)
def test_the_pairs_are_those_of_the_command_line(
    options, flags, spark, reports, command_line, tmp_path
):
    corpus = written(tmp_path / "reports.jsonl", reports)
    expected = command_line("pair", corpus, *flags, "--quiet").splitlines()[1:]
    assert len(expected) > 50
    shuffled = list(reports)
    random.Random(options["partitions"]).shuffle(shuffled)
    found = pair(frame(spark, shuffled), work=str(tmp_path / "work"), **options)
    assert table(found) == expected
    (tmp_path / "pairs.tsv").write_text("\n".join(["left\tright\tscore", *expected, ""]))
    assert found.digest == pairs_digest(str(tmp_path / "pairs.tsv"))
    assert found.counts["documents"] == len(reports) and found.counts["pairs"] == len(expected)
    assert 0 < found.counts["left"] + found.counts["right"] < len(reports)


def test_languages_and_dates_may_be_stated(spark, reports, command_line, tmp_path):
    stated = [
        {**report, "lang": ["de-AT", "en", "de", None][i % 4], "day": f"2024-1{i % 3}-0{1 + i % 7}"}
        for i, report in enumerate(reports)
    ]
    corpus = written(tmp_path / "reports.jsonl", stated)
    fields = ["--lang-field", "lang", "--date-field", "day"]
    expected = command_line("pair", corpus, *fields, "--quiet").splitlines()[1:]
    assert expected and expected != command_line("pair", corpus, "--quiet").splitlines()[1:]
    found = pair(frame(spark, stated), work=str(tmp_path / "work"), language="lang", date="day")
    assert table(found) == expected


def test_documents_whose_ids_share_a_hash_are_told_apart(spark):
    rows = [("a", 7), ("b", 7), ("c", 8), ("d", 2**63 - 1), ("e", 2**63 - 1), ("f", 3)]
    told = {row.id: row.key for row in apart(spark.createDataFrame(rows, "id string, key long")).collect()}
    assert len(set(told.values())) == len(rows)
    assert told["f"] == 3 and told["a"] == 7
    many = spark.createDataFrame([(str(i), 1) for i in range(1001)], "id string, key long")
    with pytest.raises(ValueError, match="more than 1000 ids share hashes"):
        apart(many)


def test_a_run_goes_on_where_another_ended(spark, reports, tmp_path):
    work = str(tmp_path / "work")
    first = pair(frame(spark, reports), work=work)
    assert first.resumed == []
    (tmp_path / "work" / "measured.done").rename(tmp_path / "gone")
    second = pair(frame(spark, reports), work=work)
    assert second.digest == first.digest
    assert "candidates" in second.resumed and "measured" not in second.resumed
    with pytest.raises(ValueError, match="holds another run"):
        pair(frame(spark, reports), work=work, min_score=0.9)


def test_what_cannot_be_paired_is_refused_or_gives_nothing(spark, tmp_path):
    def call(records, **options):
        return pair(frame(spark, records), work=str(tmp_path / str(len(list(tmp_path.iterdir())))), **options)

    one = {"id": "a", "text": "The plane landed in Kazan on Friday."}
    with pytest.raises(ValueError, match="the id a stands 2 times"):
        call([one, one])
    with pytest.raises(ValueError, match="1 documents have no id"):
        call([one, {"id": None, "text": "x"}])
    with pytest.raises(ValueError, match="no document in the input"):
        call([{"id": "a", "text": None}])
    with pytest.raises(ValueError, match="no language is called xx"):
        call([one], languages=("de", "xx"))
    with pytest.raises(ValueError, match="both languages are de"):
        call([one], languages=("de", "de"))
    with pytest.raises(ValueError, match="a score of 2 is out of range"):
        call([one], min_score=2)
    found = call([one, {"id": "b", "text": None}])
    assert table(found) == []
    assert found.counts == {
        "documents": 1, "skipped": 1, "left": 0, "right": 1, "candidates": 0, "pairs": 0,
    }


def test_the_job_for_spark_submit_pairs_too(reports, command_line, tmp_path):
    corpus = written(tmp_path / "reports.jsonl", reports)
    (tmp_path / "pairs.tsv").write_text(command_line("pair", corpus, "--quiet"))
    given = parity.parted(corpus, tmp_path, 2, seed=3)
    with parity.sail_server() as address:
        command = [sys.executable, "-m", "doppelt.spark", given, "--pair", "--remote", address]
        command += ["--work", tmp_path / "work", "--partitions", "2"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["digest"] == pairs_digest(str(tmp_path / "pairs.tsv"))
    assert parity.pq.read_table(tmp_path / "work" / "pairs").num_rows == told["pairs"]
