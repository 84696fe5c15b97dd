"""The public names: what `__all__` says is what there is, and each is documented."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

import promise_engine

EXPORTED = [getattr(promise_engine, name) for name in promise_engine.__all__]
CLASSES = [member for member in EXPORTED if inspect.isclass(member)]


def test_all_is_sorted() -> None:
    """`__all__` is in order and names nothing twice."""
    assert sorted(set(promise_engine.__all__)) == promise_engine.__all__


def test_all_is_what_there_is() -> None:
    """Every public name of the package that is no module is in `__all__`, and the other way round."""
    members = {
        name
        for name, member in vars(promise_engine).items()
        if not name.startswith("_") and not isinstance(member, ModuleType) and name != "annotations"
    }
    assert set(promise_engine.__all__) == members


def test_init_holds_no_code() -> None:
    """The package's first file imports and exports, nothing else."""
    source = Path(promise_engine.__file__).read_text("utf-8")
    assert not re.findall(r"^(def|class|if|for|with|try)\b", source, flags=re.MULTILINE)


@pytest.mark.parametrize("member", CLASSES, ids=lambda member: member.__name__)
def test_class_is_documented(member: type) -> None:
    """An exported class has words of its own."""
    assert member.__doc__
    assert member.__doc__ not in {base.__doc__ for base in member.__mro__[1:]}


def _public_functions(member: type) -> list[tuple[str, object]]:
    found = []
    for name, value in list(vars(member).items()):
        function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        function = function.fget if isinstance(function, property) else getattr(function, "func", function)
        if not name.startswith("_") and inspect.isfunction(function):
            found.append((f"{member.__name__}.{name}", function))
    return found


METHODS = [pair for member in CLASSES for pair in _public_functions(member)]


@pytest.mark.parametrize("function", [function for _, function in METHODS], ids=[name for name, _ in METHODS])
def test_method_is_documented(function: object) -> None:
    """A public method or property of an exported class has a docstring."""
    assert inspect.getdoc(function)


@pytest.mark.parametrize("function", [function for _, function in METHODS], ids=[name for name, _ in METHODS])
def test_method_is_typed(function: object) -> None:
    """Every parameter, and what comes back, is annotated."""
    signature = inspect.signature(function)  # type: ignore[arg-type]
    parameters = [p for name, p in signature.parameters.items() if name not in {"self", "cls"}]
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in parameters)


def test_type_marker_ships() -> None:
    """`py.typed` tells type checkers that the annotations count."""
    assert (Path(promise_engine.__file__).parent / "py.typed").exists()
