"""What is given as points, as columns of numbers with what stands beside them."""

from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np


@dataclass
class Labels:
    column: str
    classes: list
    of: np.ndarray


@dataclass
class Observed:
    column: str
    of: np.ndarray


@dataclass
class Points:
    values: np.ndarray
    columns: list
    labels: Optional[Labels] = None
    observed: Optional[Observed] = None
    # What makes a table of its kind of samples; None for an array.
    frame: Any = field(default=None, repr=False)


def points_from(given: Any, label: Any = None, observed: Any = None) -> Points:
    """An array, a list of rows or a DataFrame; `label` and `observed` are columns of it, or the values themselves."""
    is_frame = hasattr(given, "columns") and hasattr(given, "to_numpy")
    beside = [one for one in (label, observed) if isinstance(one, str)]
    if is_frame:
        for name in beside:
            if name not in list(given.columns):
                raise ValueError(f"There is no column {name!r}.")
        names = [name for name in given.columns if name not in beside]
        values = np.column_stack([_numbers(given[name], f"The column {name!r}") for name in names]) if names else None
        if values is None:
            raise ValueError("There is no column of numbers beside the labels.")
        columns = [str(name) for name in names]
    else:
        if beside:
            raise ValueError(f"An array has no column {beside[0]!r}: give the values themselves.")
        values = _numbers(given, "The points")
        values = values[:, None] if values.ndim == 1 else values
        if values.ndim != 2:
            raise ValueError(f"Points are rows of coordinates: an array of 2 dimensions, not {values.ndim}.")
        dim = values.shape[1]
        columns = ["x", "y"][:dim] if dim <= 2 else [f"x{i + 1}" for i in range(dim)]
    return Points(
        values,
        columns,
        _labels(*_column(given, label, "class"), len(values)),
        _observed(*_column(given, observed, "observed"), len(values)),
        type(given) if is_frame else None,
    )


def _column(given: Any, asked: Any, usual: str):
    if asked is None:
        return usual, None
    if not isinstance(asked, str):
        return usual, asked
    return asked, given[asked]


def _numbers(given: Any, name: str) -> np.ndarray:
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} holds what is no number.") from None
    if not np.isfinite(values).all():
        raise ValueError(f"{name} has numbers that are missing or not finite.")
    return values


def _labels(column: str, given: Any, count: int) -> Optional[Labels]:
    if given is None:
        return None
    values = np.asarray(given)
    _check_count(values, "Labels", count)
    classes, of = np.unique(values, return_inverse=True)
    return Labels(column, [str(one) for one in classes], of.reshape(-1))


def _observed(column: str, given: Any, count: int) -> Optional[Observed]:
    if given is None:
        return None
    values = _numbers(given, "What is observed")
    _check_count(values, "What is observed", count)
    return Observed(column, values)


def _check_count(values: np.ndarray, name: str, count: int) -> None:
    if values.shape != (count,):
        raise ValueError(f"{name}: one for each of the {count} points, not {values.shape}.")
