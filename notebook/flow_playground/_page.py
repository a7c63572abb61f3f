"""A page as the playground saves it: points and weights as they are, in a file that it opens."""

import io
import json
import zipfile
from typing import Mapping, Optional
from urllib.parse import quote

import numpy as np

from ._points import Points
from ._version import __version__


def link_from(settings: Mapping[str, str]) -> str:
    """The fragment of a link."""
    return "&".join([*(f"{name}={quote(text, safe=',:;/')}" for name, text in settings.items()), "v=1"])


def page_from(points: Optional[Points], settings: Mapping[str, str], weights: Optional[bytes]) -> bytes:
    files = {}
    told = None
    link = dict(settings)
    if points is not None:
        link["data"] = "points"
        files["points.npy"] = _npy(points.values)
        told = {"name": "the notebook's points", "columns": points.columns, "labels": None, "observed": None}
        if points.labels is not None:
            told["labels"] = {"column": points.labels.column, "classes": points.labels.classes}
            files["labels.npy"] = _npy(points.labels.of[:, None])
        if points.observed is not None:
            told["observed"] = {"column": points.observed.column}
            files["observed.npy"] = _npy(points.observed.of[:, None])
    panels = []
    if weights is not None:
        files["a.safetensors"] = weights
        panels = [{"origin": "loaded", "weights": "a.safetensors"}]
    text = {
        "format": "flow-playground",
        "version": 1,
        "software": f"Flow Playground {__version__}",
        "link": link_from(link),
        "points": told,
        "panels": panels,
    }
    files["flow-playground.json"] = json.dumps(text).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, contents in files.items():
            archive.writestr(name, contents)
    return packed.getvalue()


def _npy(values: np.ndarray) -> bytes:
    written = io.BytesIO()
    np.save(written, np.ascontiguousarray(values, dtype=np.float64), allow_pickle=False)
    return written.getvalue()
