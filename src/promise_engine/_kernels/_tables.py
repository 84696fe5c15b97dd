"""Tables as kernels receive them: one pointer, whatever the number of columns.

Numba passes a NamedTuple of arrays by value, seven machine words a column, to every function: with the engine's two
hundred columns compilation would take minutes and each call microseconds. A `Tables` object instead carries a block of
addresses and shapes. Kernels take that block's address and read `net.working.open_at[i]` as written: the attribute is
an array view built from the block. The arrays stay alive as long as the `Tables` object does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, register_model, unbox
from numba.np.arrayobj import populate_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TableT = TypeVar("TableT")
TupleT = TypeVar("TupleT", bound=tuple)  # type: ignore[type-arg]

_WORDS_PER_COLUMN = 4  # address and up to three extents
_WORD = 8
_NO_EXTENTS = (0,) * (_WORDS_PER_COLUMN - 1)
_KNOWN_TYPES: dict[tuple[object, ...], TablesType] = {}


class Tables:
    """A NamedTuple of arrays, integers and such NamedTuples, as one argument of kernels.

    Attributes are those of the NamedTuple, so that uncompiled kernels read the same.

    Examples
    --------
    >>> from promise_engine._arrays import SiteStock
    >>> Tables(SiteStock(*np.zeros((10, 2), np.int64))).depth.tolist()
    [0, 0]
    """

    __slots__ = ("_numba_type_", "address", "block", "columns")

    def __init__(self, columns: Any) -> None:
        words: list[int] = []
        self.columns = columns
        self._numba_type_ = _describe(columns, words)
        self.block = np.array(words, np.int64)
        self.address = self.block.ctypes.data

    def __getattr__(self, name: str) -> Any:
        return getattr(self.columns, name)

    def __reduce__(self) -> tuple[Callable[[Any, list[bool]], Tables], tuple[Any, list[bool]]]:
        return _rebuilt, (self.columns, [array.flags.writeable for array in _arrays_in(self.columns)])


def _arrays_in(columns: Any) -> Iterator[np.ndarray]:
    """The arrays of a NamedTuple, and of those in it."""
    for column in columns:
        if isinstance(column, np.ndarray):
            yield column
        elif isinstance(column, tuple):
            yield from _arrays_in(column)


def _rebuilt(columns: Any, writeable: list[bool]) -> Tables:
    """Tables from a pickle, which forgets what is read-only: kernels would be compiled again for it."""
    for array, is_writeable in zip(_arrays_in(columns), writeable, strict=True):
        array.setflags(write=is_writeable)
    return Tables(columns)


def freeze(table: TupleT) -> TupleT:
    """Make every array of a table (and of tables inside it) read-only, and return it.

    Examples
    --------
    >>> from promise_engine._arrays import SiteStock
    >>> freeze(SiteStock(*np.zeros((10, 1), np.int64))).depth.flags.writeable
    False
    """
    for column in table:
        if isinstance(column, np.ndarray):
            column.setflags(write=False)
        elif isinstance(column, tuple):
            freeze(column)
    return table


def in_block(columns: TableT) -> TableT:
    """A NamedTuple as kernels take it; for Python and the type checker it reads as before."""
    return cast("TableT", Tables(columns))


def replaced(tables: TableT, **columns: Any) -> TableT:
    """The same as kernels take it with some other columns, the others not looked at again.

    Examples
    --------
    >>> from promise_engine._arrays import SiteStock
    >>> stock = in_block(SiteStock(*np.zeros((10, 1), np.int64)))
    >>> replaced(stock, depth=np.array([7])).depth.tolist(), stock.depth.tolist()
    ([7], [0])
    """
    before = cast("Tables", tables)
    found = Tables.__new__(Tables)
    found.columns, kind, block = before.columns._replace(**columns), before._numba_type_, before.block.copy()
    for name, value in columns.items():
        words: list[int] = []
        if _column(value, name, words) != kind.kinds[name]:
            return in_block(found.columns)
        word = kind.begins[name]
        block[word : word + len(words)] = words
    found._numba_type_, found.block, found.address = kind, block, block.ctypes.data
    return cast("TableT", found)


class TablesType(types.Type):
    """The compiled type of a `Tables`: names, column types and their words in the block."""

    def __init__(
        self, name: str, fields: tuple[tuple[str, types.Type, int], ...], words: int, kinds: Sequence[object]
    ) -> None:
        self.fields, self.words = fields, words
        self.begins = {field: word for field, _, word in fields}
        self.kinds = dict(zip(self.begins, kinds, strict=True))
        super().__init__(name=f"Tables({name}: {', '.join(f'{n} {t} @{o}' for n, t, o in fields)})")

    @property
    def key(self) -> object:
        """What tells two types apart."""
        return self.name

    def field(self, name: str) -> tuple[types.Type, int] | None:
        """Type and first word of a column."""
        return next(((kind, word) for known, kind, word in self.fields if known == name), None)


def _describe(columns: Any, words: list[int]) -> TablesType:
    """The type of a NamedTuple; appends its words, nested ones in place."""
    found = zip(columns, columns._fields, strict=True)
    kinds = (type(columns), *(_column(value, name, words) for value, name in found))
    known = _KNOWN_TYPES.get(kinds)
    return known or _KNOWN_TYPES.setdefault(kinds, _tables_type(kinds))


def _column(value: Any, name: str, words: list[int]) -> object:
    """What a column is: None of an integer; appends its words."""
    if type(value) is np.ndarray:
        flags, shape = value.flags, value.shape
        if not flags.c_contiguous or len(shape) > _WORDS_PER_COLUMN - 1:
            raise TypeError(f"{name}: a C-contiguous array of at most three dimensions")
        words.append(value.ctypes.data)
        words += shape
        words += _NO_EXTENTS[len(shape) :]
        return value.dtype.char, len(shape), flags.writeable
    if isinstance(value, int):
        words.append(int(value))
        return None
    return _describe(value, words)


def _tables_type(kinds: Sequence[Any]) -> TablesType:
    """The type of a NamedTuple whose class is followed by what its columns are."""
    table, *columns = kinds
    fields: list[tuple[str, types.Type, int]] = []
    word = 0
    for name, kind in zip(table._fields, columns, strict=True):
        if kind is None:
            fields.append((name, types.int64, word))
            word += 1
        elif isinstance(kind, TablesType):
            fields.append((name, kind, word))
            word += kind.words
        else:
            char, ndim, writeable = kind
            array = types.Array(numba.from_dtype(np.dtype(char)), ndim, "C", readonly=not writeable)
            fields.append((name, array, word))
            word += _WORDS_PER_COLUMN
    return TablesType(table.__name__, tuple(fields), word, columns)


@register_model(TablesType)
class _TablesModel(models.PrimitiveModel):
    """Represented by the block's address."""

    def __init__(self, manager: Any, kind: TablesType) -> None:
        super().__init__(manager, kind, ir.IntType(64))


@unbox(TablesType)
def _unbox(_kind: TablesType, obj: Any, c: Any) -> NativeValue:
    attribute = c.pyapi.object_getattr_string(obj, "address")
    value = c.pyapi.long_as_longlong(attribute)
    c.pyapi.decref(attribute)
    return NativeValue(value)


@infer_getattr
class _TablesAttributes(AttributeTemplate):
    key = TablesType

    def generic_resolve(self, typ: TablesType, attr: str) -> types.Type | None:
        found = typ.field(attr)
        return found[0] if found else None


@lower_getattr_generic(TablesType)
def _getattr(context: Any, builder: Any, typ: TablesType, value: Any, attr: str) -> Any:
    kind, word = typ.field(attr)  # type: ignore[misc]
    address = builder.add(value, ir.Constant(value.type, word * _WORD))
    if isinstance(kind, TablesType):
        return address
    words = builder.inttoptr(address, value.type.as_pointer())
    first = builder.load(words)
    if not isinstance(kind, types.Array):
        return first
    extents = [builder.load(builder.gep(words, [ir.Constant(ir.IntType(32), i + 1)])) for i in range(kind.ndim)]
    item = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    strides: list[Any] = []
    step = ir.Constant(value.type, item)
    for extent in reversed(extents):
        strides.insert(0, step)
        step = builder.mul(step, extent)
    array = context.make_array(kind)(context, builder)
    data = builder.inttoptr(first, array.data.type)
    populate_array(
        array,
        data=data,
        shape=cgutils.pack_array(builder, extents),
        strides=cgutils.pack_array(builder, strides),
        itemsize=ir.Constant(value.type, item),
        meminfo=None,
        parent=None,
    )
    return array._getvalue()  # noqa: SLF001 - as numba's own lowering does
