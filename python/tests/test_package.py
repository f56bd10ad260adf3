"""The package gives what the command line gives, from whatever it is handed."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

import doppelt


def test_the_digest_is_that_of_the_command_line(corpus, command_line):
    told = json.loads(command_line("scan", corpus, "--format", "json"))
    outcome = doppelt.scan(corpus)
    assert outcome.digest == told["digest"]
    assert json.loads(outcome.to_json()) == told
    assert outcome.n_documents == told["corpus"]["documents"] == 602


def test_records_in_memory_give_the_tables_of_the_command_line(records, corpus, command_line, tmp_path):
    command_line("scan", corpus, "--pairs", tmp_path / "p.tsv", "--clusters", tmp_path / "c.tsv", "--quiet")
    outcome = doppelt.scan(iter(reversed(records)), find="tables")
    outcome.write_pairs(tmp_path / "p2.tsv")
    outcome.write_clusters(tmp_path / "c2.tsv")
    assert (tmp_path / "c2.tsv").read_bytes() == (tmp_path / "c.tsv").read_bytes()
    assert (tmp_path / "p2.tsv").read_bytes() == (tmp_path / "p.tsv").read_bytes()
    assert len((tmp_path / "c.tsv").read_text().splitlines()) > 100
    rows = [f"{id}\t{cluster}\t{int(keep)}" for id, cluster, keep in outcome.clusters.rows()]
    assert rows == (tmp_path / "c.tsv").read_text().splitlines()[1:]
    assert outcome.removed == sorted(id for id, _, keep in outcome.clusters.rows() if not keep)


def test_tables_of_all_libraries_give_one_digest(records, corpus):
    pyarrow = pytest.importorskip("pyarrow")
    expected = doppelt.scan(corpus, find="tables").digest
    table = pyarrow.Table.from_pylist(records)
    sources = {"pyarrow": table, "chunks": pyarrow.Table.from_batches(table.to_batches(max_chunksize=7))}
    sources["reader"] = table.to_reader(max_chunksize=50)
    large = table.schema.set(1, pyarrow.field("text", pyarrow.large_string()))
    sources["large"] = table.cast(large)
    try:
        import pandas

        sources["pandas"] = pandas.DataFrame(records)
    except ImportError:
        pass
    try:
        import polars

        sources["polars"] = polars.DataFrame(records)
    except ImportError:
        pass
    sources["dicts"] = records
    for name, source in sources.items():
        assert doppelt.scan(source, find="tables").digest == expected, name


def test_results_are_arrow_streams(corpus):
    pyarrow = pytest.importorskip("pyarrow")
    outcome = doppelt.scan(corpus, find="tables")
    table = pyarrow.table(outcome.clusters)
    assert table.column_names == ["id", "cluster", "keep"]
    assert [tuple(row.values()) for row in table.to_pylist()] == outcome.clusters.rows()
    assert pyarrow.table(outcome.pairs).num_rows == len(outcome.pairs)


def test_numbers_name_records_as_they_do_in_files(command_line, tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    text = "the quick brown fox jumps over the lazy dog near the river bank"
    records = [{"n": 7, "body": text}, {"n": 12, "body": text}]
    outcome = doppelt.scan(pyarrow.Table.from_pylist(records), text="body", id="n")
    assert outcome.clusters.rows() == [("12", "12", True), ("7", "12", False)]
    assert doppelt.scan(records, text="body", id="n").digest == outcome.digest
    path = tmp_path / "n.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    told = json.loads(command_line("scan", path, "--text-field", "body", "--id-field", "n", "--format", "json"))
    assert told["digest"] == outcome.digest


def test_strings_are_named_by_their_place():
    text = "the quick brown fox jumps over the lazy dog near the river bank"
    assert doppelt.scan([text, "something else", text]).clusters.rows() == [("0", "0", True), ("2", "0", False)]


def test_what_is_no_document_is_left_out_and_named():
    outcome = doppelt.scan([{"id": "a", "text": "one"}, {"id": "b"}, {"id": "a", "text": "two"}])
    assert outcome.n_documents == 1
    assert outcome.skipped == [
        ("a", "records:3 has the id of records:1; the first one is used"),
        ("records:2", "field `text` is null"),
    ]


@pytest.mark.parametrize(
    ("error", "words", "call"),
    [
        (ValueError, "a threshold of 2 is out of range", lambda: doppelt.scan(["a"], threshold=2)),
        (ValueError, "a shingle of 0 words", lambda: doppelt.scan(["a"], shingle=0)),
        (ValueError, "no keep rule is called best", lambda: doppelt.scan(["a"], keep="best")),
        (ValueError, "this keep rule needs date", lambda: doppelt.scan(["a"], keep="newest")),
        (ValueError, "no language is called xx", lambda: doppelt.pair(["a"], languages=("de", "xx"))),
        (ValueError, "a score of 2 is out of range", lambda: doppelt.pair(["a"], min_score=2)),
        (OSError, "cannot open /no/such/path", lambda: doppelt.scan("/no/such/path")),
        (doppelt.Error, "no document in 1 file", lambda: doppelt.scan([])),
        (TypeError, "int is no source", lambda: doppelt.scan(5)),
        (TypeError, r"give one of its values, as source\['train'\]", lambda: doppelt.scan({"train": ["a"]})),
        (TypeError, "item 1 is a int", lambda: doppelt.scan(["a", 5])),
        (TypeError, "int", lambda: doppelt.scan([{"text": 5}])),
    ],
)
def test_errors_say_what_is_wrong(error, words, call):
    with pytest.raises(error, match=words):
        call()


def test_an_error_of_the_caller_comes_through():
    def broken():
        yield "a text"
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        doppelt.scan(broken())


def test_a_table_without_texts_is_refused():
    pyarrow = pytest.importorskip("pyarrow")
    with pytest.raises(ValueError, match="its columns are `body`"):
        doppelt.scan(pyarrow.table({"body": ["a"]}))
    with pytest.raises(ValueError, match="holds Int64, not strings"):
        doppelt.scan(pyarrow.table({"text": [1]}))


REPORTS = [
    {"id": "d1", "text": "Beim Absturz eines Flugzeugs nahe Kasan sind am 3. Mai 2019 41 Menschen gestorben, "
                         "sagte Gouverneur Petrow."},
    {"id": "e1", "text": "A plane crash near Kazan on 3 May 2019 killed 41 people, governor Petrov said on Friday."},
    {"id": "d2", "text": "Das Parlament in Wien hat am Dienstag ein neues Gesetz über die Steuern beschlossen."},
]


def test_pairs_are_those_of_the_command_line(command_line, tmp_path):
    path = tmp_path / "reports.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in REPORTS))
    for flags, options in [((), {}), (("--candidates", "2"), {"candidates": 2}), (("--one-to-one",), {"one_to_one": True})]:
        pairs = doppelt.pair(REPORTS, **options)
        pairs.write_tsv(tmp_path / "pairs.tsv")
        assert (tmp_path / "pairs.tsv").read_text() == command_line("pair", path, *flags)
        assert len(pairs) == len(pairs.table) == len(pairs.to_jsonl().splitlines())


def test_clean_plans_for_records_and_writes_for_paths(records, corpus, tmp_path):
    plan = doppelt.clean(records)
    manifest = doppelt.clean(corpus, tmp_path / "cleaned")
    assert len(plan.kept) == manifest["counts"]["documents"]["kept"]
    cleaned = (tmp_path / "cleaned" / "corpus" / "corpus.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in cleaned] == plan.kept
    assert set(plan.kept).isdisjoint(row[0] for row in plan.removed.rows())
    assert len(plan.kept) + len(plan.removed) == 602
    with pytest.raises(ValueError, match="only files are cleaned"):
        doppelt.clean(records, tmp_path / "other")
    with pytest.raises(ValueError, match="lies in"):
        doppelt.clean(corpus, Path(corpus).parent)


def test_explain_says_what_the_command_line_says(command_line, tmp_path):
    text = "the quick brown fox jumps over the lazy dog near the river bank"
    (tmp_path / "left").write_text(text)
    (tmp_path / "right").write_text(text + " today")
    told = command_line("explain", tmp_path / "left", tmp_path / "right")
    assert doppelt.explain(text, text + " today") == told


def test_an_index_remembers_records_and_files(records, corpus, command_line, tmp_path):
    half = len(records) // 2
    for name, known in [("memory", records[:half]), ("files", corpus)]:
        index = doppelt.Index.build(tmp_path / name, known)
        index.verify()
        found = index.query([{"id": "new", "text": max(records[:half], key=lambda r: len(r["text"]))["text"]}])
        assert found.rows() and all(row[0] == "new" and row[2] >= 0.8 for row in found.rows())
    assert command_line("index", "verify", "--index", tmp_path / "memory")
    index = doppelt.Index(tmp_path / "memory")
    assert index.add(records[half:]) == {"added": len(records) - half, "replaced": 0, "unchanged": 0}
    assert len(index) == len(records)
    assert index.remove([records[0]["id"], "nobody"]) == ["nobody"]
    with pytest.raises(ValueError, match="cannot be read again"):
        doppelt.Index(tmp_path / "files").add(records)
    with pytest.raises(OSError):
        doppelt.Index(tmp_path / "nowhere")


def test_reports_come_in_all_formats(corpus):
    outcome = doppelt.scan(corpus)
    assert outcome.report().startswith("#")
    assert outcome.report("html").startswith("<!")
    assert outcome.digest in outcome.report("terminal")
    with pytest.raises(ValueError, match="no report format is called pdf"):
        outcome.report("pdf")


def test_the_command_line_ends_as_it_ends(command_line):
    assert command_line("--version").startswith("doppelt ")
    command_line("scan", "/no/such/path", code=2)


def test_the_interpreter_is_free_meanwhile(records, tmp_path):
    path = tmp_path / "large.jsonl"
    with path.open("w") as out:
        for i in range(40):
            for record in records:
                out.write(json.dumps({"id": f"{i}-{record['id']}", "text": f"{i} {record['text']}"}) + "\n")
    found: list[doppelt.Outcome] = []
    worker = threading.Thread(target=lambda: found.append(doppelt.scan(path)))
    worker.start()
    turns = 0
    while worker.is_alive():
        turns += 1
        time.sleep(0.001)
    assert found[0].n_documents == 40 * 602
    assert turns > 10


def test_datasets_of_hugging_face_are_sources(records):
    datasets = pytest.importorskip("datasets")
    expected = doppelt.scan(records).digest
    dataset = datasets.Dataset.from_list(records)
    forms = [
        dataset,
        dataset.shuffle(seed=1),
        dataset.with_format("arrow"),
        dataset.with_format("numpy"),
        dataset.with_format("pandas"),
        dataset.to_iterable_dataset(),
        datasets.IterableDataset.from_generator(lambda: iter(records)),
    ]
    for form in forms:
        assert doppelt.scan(form).digest == expected
    transformed = dataset.with_transform(lambda rows: {"id": rows["id"], "text": ["gone"] * len(rows["id"])})
    assert len(doppelt.clean(transformed).kept) == 1
    reports = [
        {"id": path.name, "text": path.read_text()} for path in sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
    ]
    paired = doppelt.pair(reports).table.rows()
    assert len(paired) == 2
    assert doppelt.pair(datasets.Dataset.from_list(reports).to_iterable_dataset()).table.rows() == paired
    with pytest.raises(TypeError, match="give one of its values"):
        doppelt.scan(datasets.DatasetDict({"train": dataset}))
