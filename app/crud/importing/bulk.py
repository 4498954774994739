"""Many rows into one table at once, as fast as each engine takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy import column as bare_column
from sqlalchemy import table as bare_table

Record = Mapping[str, Any]

_SEQUENCES = bare_table("sqlite_sequence", bare_column("name"), bare_column("seq"))


def append_rows(connection: Connection, table: Table, records: Sequence[Record], same: Record | None = None) -> None:
    """Insert records that all have the same columns; ``same`` holds values that are alike in all of them."""
    if not records:
        return
    if connection.dialect.name == "sqlite":
        _pass_through(connection, table, records, same or {})
    else:
        connection.execute(insert(table), [{**record, **(same or {})} for record in records])


def insert_rows(connection: Connection, table: Table, records: Sequence[Record], same: Record | None = None) -> list[int]:
    """The same; returns the new rows' numbers, in order.

    SQLite hands back generated numbers one statement at a time; but whoever writes there is alone, so the numbers are known beforehand.
    """
    if not records:
        return []
    if connection.dialect.name != "sqlite":
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(connection.execute(statement, [{**record, **(same or {})} for record in records]).scalars())
    first = _last_number(connection, table) + 1
    _pass_through(connection, table, records, same or {}, range(first, first + len(records)))
    return list(range(first, first + len(records)))


def _last_number(connection: Connection, table: Table) -> int:
    """The highest number that was ever given to a row, deleted ones included."""
    highest = connection.execute(select(func.max(table.c.id))).scalar() or 0
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return int(highest)
    given = select(_SEQUENCES.c.seq).where(_SEQUENCES.c.name == table.name)
    return max(int(highest), int(connection.execute(given).scalar() or 0))


def _pass_through(connection: Connection, table: Table, records: Sequence[Record], same: Record, ids: range | None = None) -> None:
    """Straight to the driver, column by column: values alike in all rows are prepared once, and no row is a statement of its own."""
    unknown = {*records[0], *same} - {column.name for column in table.columns}
    if unknown:
        raise ValueError(f"{table.name} has no column {sorted(unknown)}")
    dialect, columns = connection.dialect, []
    values: list[Any] = []
    for column in table.columns:
        name = column.name
        prepare = column.type.dialect_impl(dialect).bind_processor(dialect)
        if ids is not None and column is table.c.id:
            values.append(ids)
        elif name in same:
            values.append(repeat(prepare(same[name]) if prepare else same[name]))
        elif name in records[0]:
            given = [record[name] for record in records]
            values.append([prepare(value) for value in given] if prepare else given)
        elif column.default is not None and not column.primary_key:
            default: Any = column.default
            value = default.arg(None) if default.is_callable else default.arg
            values.append(repeat(prepare(value) if prepare else value))
        else:
            continue
        columns.append(dialect.identifier_preparer.format_column(column))
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {dialect.identifier_preparer.format_table(table)} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of ours, values as parameters
    connection.exec_driver_sql(statement, list(zip(*values, strict=False)))
