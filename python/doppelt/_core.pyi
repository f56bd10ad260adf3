"""The extension. `doppelt` is what to import; the classes of the cluster job
work on `pyarrow.RecordBatch`."""

from os import PathLike
from typing import Any

__version__: str
ALGORITHM: int
BUCKET: int

class Error(Exception):
    """Something asked of doppelt could not be done."""

class Table:
    """Rows in memory, read without a copy through the Arrow PyCapsule
    interface: `pyarrow.table(t)`, `polars.DataFrame(t)`, `pandas.DataFrame.from_arrow(t)`."""

    @property
    def column_names(self) -> list[str]: ...
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows as tuples of plain values."""
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class Outcome:
    """What a scan found."""

    @property
    def digest(self) -> str:
        """A hash of everything found, 32 hexadecimal digits; the same for the
        same input and parameters, here and on the command line."""
    @property
    def n_documents(self) -> int: ...
    @property
    def n_bytes(self) -> int:
        """Bytes of text that were read."""
    @property
    def parameters(self) -> dict[str, str]: ...
    @property
    def skipped(self) -> list[tuple[str, str]]:
        """What was left out: (document or place, reason)."""
    @property
    def clusters(self) -> Table:
        """One row a document in a cluster of two or more: `id`, `cluster` (the
        id of the kept document), `keep` (bool); sorted by cluster, then id."""
    @property
    def pairs(self) -> Table:
        """One row a similar pair: `left` < `right`, exact `jaccard` and
        `containment` in 0..1; sorted by names."""
    @property
    def removed(self) -> list[str]:
        """Ids of the documents that another stands for, sorted."""
    def to_json(self) -> str:
        """Everything as one JSON object (`"schema": "doppelt.scan/1"`)."""
    def report(self, format: str = "markdown") -> str:
        """A report: "terminal", "markdown", "html" or "json"."""
    def write_clusters(self, path: str | PathLike[str]) -> None:
        """The table of clusters as TSV, byte for byte as `--clusters` has it."""
    def write_pairs(self, path: str | PathLike[str]) -> None:
        """The table of pairs as TSV, byte for byte as `--pairs` has it."""

class Pairs:
    """Documents that report the same event in two languages."""

    @property
    def n_documents(self) -> int: ...
    @property
    def skipped(self) -> list[tuple[str, str]]: ...
    @property
    def table(self) -> Table:
        """One row a pair: `left` (first language), `right`, `score` (a
        probability, four digits), `accepted` (bool); the best first."""
    def to_jsonl(self) -> str:
        """One JSON object a line for every pair, with the facts it stands on
        and the event it belongs to."""
    def write_tsv(self, path: str | PathLike[str]) -> None:
        """The pairs as TSV, byte for byte as `doppelt pair` has them."""
    def __len__(self) -> int: ...

class Cleaning:
    """What to remove of some records, and what stays."""

    @property
    def kept(self) -> list[str]:
        """Ids of the documents that stay, in the order of the input."""
    @property
    def removed(self) -> Table:
        """One row a document that goes: `id`, `kept`, `rule`, exact
        `similarity` and `containment` in 0..1; sorted by id."""
    @property
    def skipped(self) -> list[tuple[str, str]]: ...

class CoreIndex:
    @staticmethod
    def build(
        folder: str | PathLike[str], source: Any, self_contained: bool, options: dict[str, Any]
    ) -> CoreIndex: ...
    @staticmethod
    def open(folder: str | PathLike[str]) -> CoreIndex: ...
    def add(self, source: Any, in_memory: bool, options: dict[str, Any]) -> tuple[int, int, int]: ...
    def remove(self, ids: list[str]) -> list[str]: ...
    def query(self, source: Any, options: dict[str, Any]) -> Table: ...
    def info(self) -> tuple[int, int]: ...
    def verify(self) -> None: ...

def scan(source: tuple[str, Any], options: dict[str, Any]) -> Outcome: ...
def pair(
    source: tuple[str, Any],
    options: dict[str, Any],
    min_score: float | None,
    one_to_one: bool,
    candidates: int | None,
    evidence: bool,
) -> Pairs: ...
def clean_corpus(source: tuple[str, Any], options: dict[str, Any]) -> Cleaning: ...
def clean_paths(
    paths: list[str], out: str | PathLike[str], passages: bool, options: dict[str, Any]
) -> str: ...
def explain(left: tuple[str, str], right: tuple[str, str], options: dict[str, Any]) -> str: ...

class Sketches:
    def __init__(self, threshold: float, shingle: int) -> None: ...
    def sketch(self, batch: Any) -> Any: ...

class Bands:
    def __init__(self, with_keys: bool) -> None: ...
    def explode(self, batch: Any) -> Any: ...

class Buckets:
    def push(self, batch: Any) -> Any: ...
    def finish(self) -> Any: ...

class Best:
    def push(self, batch: Any) -> Any: ...
    def finish(self) -> Any: ...

class Crowds:
    def push(self, batch: Any) -> Any: ...
    def finish(self) -> Any: ...

class Cells:
    def __init__(self, threshold: float, shingle: int) -> None: ...
    def push(self, batch: Any) -> Any: ...
    def finish(self) -> Any: ...

class Forest:
    def push(self, batch: Any) -> Any: ...
    def finish(self) -> Any: ...

class Clusters:
    def __init__(self, keep: str) -> None: ...
    def push(self, batch: Any) -> Any: ...
    def finish(self) -> Any: ...

class Digest:
    @property
    def rows(self) -> int: ...
    def push(self, batch: Any) -> None: ...
    def add(self, line: str) -> None: ...
    def join(self, batch: Any) -> None: ...
    def join_sums(self, low: int, high: int, rows: int) -> None: ...
    def parts(self) -> Any: ...
    def hex(self) -> str: ...
