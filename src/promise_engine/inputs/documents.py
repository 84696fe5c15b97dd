"""Documents: YAML and JSON files to plain values, or the faults that forbid it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from promise_engine.errors import Fault, InputError, shown
from promise_engine.inputs.json_text import parse_json
from promise_engine.inputs.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 64 * 2**20
"""The largest file that is read."""

_SUFFIXES = (".yaml", ".yml", ".json")


def read_documents(path: str | Path, error: type[InputError] = InputError) -> list[tuple[str, Any]]:
    """The documents of a file, or of all YAML and JSON files below a folder in the order of their names.

    Names that begin with a dot are left out.

    Parameters
    ----------
    path
        A file, or a folder.
    error
        The class of the error to raise.

    Returns
    -------
    list of tuple
        For each file its name (below the folder) and its data: dict, list, str, int, Decimal, bool, None.

    Raises
    ------
    InputError
        With every fault of every file.

    """
    found: list[tuple[str, Any]] = []
    faults: list[Fault] = []
    for label, file in _files(Path(path), error):
        try:
            found.append((label, read_document(file, label)))
        except InputError as invalid:
            faults += invalid.faults
    if faults:
        raise error(faults)
    return found


def read_document(file: Path, label: str) -> Any:
    """The data of one file; InputError when it cannot be read."""
    return parse_document(read_bytes(file, label), label, is_json=file.suffix.lower() == ".json")


def read_bytes(file: Path, label: str) -> bytes:
    """The bytes of a file that is not too large; InputError when it cannot be read."""
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise InputError.of(
                "", f"{size:,} bytes", f"a file of at most {MAX_BYTES:,} bytes", file=label, code="too_large"
            )
        return file.read_bytes()
    except OSError as problem:
        raise InputError.of(
            "", str(file), f"a readable file ({problem.strerror})", file=label, code="unreadable"
        ) from None


def decoded(content: bytes, label: str) -> str:
    """The text of UTF-8 bytes; InputError for other encodings, and for NUL bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError.of("line 1", content[:2], "text in UTF-8, not UTF-16", file=label, code="encoding")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        wrong = content[problem.start : problem.start + 4]
        raise InputError.of(f"line {line}", wrong, "text in UTF-8", file=label, code="encoding") from None
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise InputError.of(f"line {line}", "\0", "text without NUL characters", file=label, code="encoding")
    return text


def parse_document(content: bytes | str, label: str = "", *, is_json: bool = False) -> Any:
    """The data of a YAML or JSON text; InputError with every fault when it is not one well-formed document.

    Examples
    --------
    >>> parse_document("{cut_off: 17:00, price: 4.90, code: 01000}")
    {'cut_off': '17:00', 'price': Decimal('4.90'), 'code': '01000'}
    """
    text = decoded(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content, label)
    return parse_json(text, label) if is_json else parse_yaml(text, label)


def _files(path: Path, error: type[InputError]) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        if path.suffix.lower() not in _SUFFIXES:
            raise error([_no_document(path)])
        yield path.name, path
        return
    if not path.is_dir():
        raise error([Fault(path.name, "", shown(str(path)), "a file or folder that exists", "unreadable")])
    below = sorted(
        (file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES
    )
    files = [
        (label, file)
        for label, file in below
        if file.is_file() and not any(part.startswith(".") for part in label.split("/"))
    ]
    if not files:
        raise error([_no_document(path)])
    yield from files


def _no_document(path: Path) -> Fault:
    return Fault(path.name, "", shown(str(path)), "a .yaml, .yml or .json file, or a folder with some", "unreadable")
