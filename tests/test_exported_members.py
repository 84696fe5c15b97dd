"""The public names: what `__all__` says is what there is, and each is documented."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import promise_engine

EXPORTED = [getattr(promise_engine, name) for name in promise_engine.__all__]
CLASSES = [member for member in EXPORTED if inspect.isclass(member)]


def test_all_is_sorted() -> None:
    """`__all__` is in order and names nothing twice."""
    assert sorted(set(promise_engine.__all__)) == promise_engine.__all__


def test_all_is_what_type_checkers_and_the_importer_know() -> None:
    """`__all__`, the imports that a type checker reads and the modules that are imported on use name the same."""
    source = ast.parse(Path(promise_engine.__file__).read_text("utf-8"))
    block = next(node for node in source.body if isinstance(node, ast.If))
    read = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert read == promise_engine._HOMES
    assert sorted(read) == promise_engine.__all__
    assert set(promise_engine.__all__) <= set(dir(promise_engine))


def test_unknown_name_is_an_attribute_error() -> None:
    """A name the package does not have is refused like any module's."""
    with pytest.raises(AttributeError, match=r"module 'promise_engine' has no attribute 'Promise'"):
        promise_engine.Promise  # noqa: B018


def test_importing_the_package_imports_no_library() -> None:
    """The package alone loads neither numba nor pydantic: help and version answer at once."""
    code = "import sys, promise_engine.adapters.cli.app; print({'numba', 'numpy', 'pydantic'} & sys.modules.keys())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


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
