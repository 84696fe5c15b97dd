"""Where the files that ship with the package are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from promise_engine import _resources

if TYPE_CHECKING:
    from pathlib import Path


def test_the_wheel_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file inside the package wins over one beside the source."""
    package, repository = tmp_path / "package", tmp_path / "repository"
    for folder in (package / "_data", repository / "data", repository / "examples"):
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("", encoding="utf-8")
    monkeypatch.setattr(_resources, "_PACKAGE", package)
    monkeypatch.setattr(_resources, "_REPOSITORY", repository)
    assert _resources.data_path("a.csv") == package / "_data" / "a.csv"
    assert _resources.example_path("a.csv") == repository / "examples" / "a.csv"


@pytest.mark.parametrize("find", [_resources.data_path, _resources.example_path])
def test_a_missing_file_names_where_it_was_sought(find: object) -> None:
    """The error of a missing file names both places."""
    with pytest.raises(FileNotFoundError, match=r"neither .*no-such-file nor .*no-such-file"):
        find("no-such-file")  # type: ignore[operator]
