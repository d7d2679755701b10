"""What a GGUF file says about its model: read by the library `gguf`, and remembered.

The library makes an object of each of 150,000 texts, which takes seconds; so what it read is kept
as JSON in the cache, and found again by the file's size and time. The weights stay in the file.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from smollm2.problems import NoModel
from tests.runner.reader.atomic import write_whole

VERSION = 1  # of what is kept


@dataclass(frozen=True)
class Stored:
    """Where an array is in the file, and how its numbers are written.

    kind:    F32, Q4_1, ...
    shape:   of the numbers; a matrix has a row for each number of its output
    offset:  of the first byte
    n_bytes: how many there are
    """

    kind: str
    shape: tuple[int, ...]
    offset: int
    n_bytes: int


@dataclass(frozen=True)
class Contents:
    """A file: its fields by name (texts, numbers, lists), and its arrays by name."""

    file: Path
    fields: dict[str, object]
    arrays: dict[str, Stored]


def contents(file: Path, cache: Path) -> Contents:
    """What is in a file; raises NoModel if it cannot be read.

    cache: the folder in which what was read is kept
    """
    kept = cache / f"contents-{_fingerprint(file)}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        data = json.loads(kept.read_text(encoding="utf-8"))
        arrays = {name: Stored(one["kind"], tuple(one["shape"]), one["offset"], one["n_bytes"])
                  for name, one in data["arrays"].items()}
        return Contents(file, data["fields"], arrays)
    read = _read(file)
    arrays = {name: asdict(one) for name, one in read.arrays.items()}
    with suppress(OSError):  # then it is read again the next time
        write_whole(kept, json.dumps({"fields": read.fields, "arrays": arrays}).encode())
    return read


def _read(file: Path) -> Contents:
    from gguf import GGUFReader

    try:
        reader = GGUFReader(file)
        fields = {name: field.contents() for name, field in reader.fields.items()}
        arrays = {one.name: Stored(one.tensor_type.name, tuple(map(int, one.shape[::-1])),
                                   int(one.data_offset), int(one.n_bytes))
                  for one in reader.tensors}
    except Exception as problem:  # noqa: BLE001 - of a file that is not whole, whatever it meets
        raise NoModel(f"{file} is no GGUF file, or a damaged one ({type(problem).__name__}: "
                      f"{problem}).") from None
    return Contents(file, fields, arrays)


def _fingerprint(file: Path) -> str:
    try:
        about = file.stat()
    except OSError as problem:
        raise NoModel(f"{file} cannot be read: {problem.strerror}.") from None
    seen = f"{VERSION} {file.absolute()} {about.st_size} {about.st_mtime_ns}"
    return hashlib.sha256(seen.encode()).hexdigest()[:16]
