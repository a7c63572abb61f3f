"""The widget: what goes to the page that shows it, and what comes back."""

import pathlib
from typing import Any, Mapping, Optional

import anywidget
import numpy as np
import traitlets

from ._page import page_from
from ._points import points_from

STATIC = pathlib.Path(__file__).parent / "static"
# What an element leaves out unless it is asked for.
HIDDEN = "title,share,comparisons,data,knobs,engine,layers,options,evidence"
# Attributes of the element alone: no setting of a link.
OF_ELEMENT = ("device", "label", "theme")


class Playground(anywidget.AnyWidget):
    """A live playground in a cell.

    `points` are an array or a DataFrame; `label` and `observed` name a column of it, or are the values. Settings are the
    attributes of the element, with `_` for `-`: `Playground(points, method="flow-matching", width=64)`.
    """

    _esm = STATIC / "widget.js"

    _attributes = traitlets.Dict().tag(sync=True)
    _page = traitlets.Bytes().tag(sync=True)
    _orders = traitlets.List().tag(sync=True)
    _handled = traitlets.Int(0).tag(sync=True)
    _results = traitlets.Dict().tag(sync=True)
    height = traitlets.Int(560).tag(sync=True)
    num_samples = traitlets.Int(1000).tag(sync=True)
    sampling = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    loss = traitlets.Float(None, allow_none=True).tag(sync=True)
    done = traitlets.Bool(False).tag(sync=True)
    shown = traitlets.Unicode("").tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        points: Any = None,
        *,
        label: Any = None,
        observed: Any = None,
        weights: Optional[bytes] = None,
        height: int = 560,
        num_samples: int = 1000,
        sampling: Optional[Mapping[str, Any]] = None,
        **settings: Any,
    ) -> None:
        self._points = None if points is None else points_from(points, label, observed)
        own = {name.replace("_", "-"): _text(value) for name, value in settings.items()}
        attributes = {name: own.pop(name) for name in OF_ELEMENT if name in own}
        page = b""
        if self._points is None and weights is None:
            attributes.update(own)
        else:
            # All else is as an element has it.
            page = page_from(self._points, {"hide": HIDDEN, **own}, weights)
        super().__init__(
            _attributes=attributes,
            _page=page,
            height=height,
            num_samples=num_samples,
            sampling=dict(sampling or {}),
        )
        self.on_msg(self._answer)

    def train(self, steps: Optional[int] = None) -> None:
        """For so many steps, or until the budgets are spent. Returns at once: it trains in the page that shows it."""
        self._order("train", steps)

    def pause(self) -> None:
        self._order("pause")

    def reset(self) -> None:
        """The same initial weights again."""
        self._order("reset")

    @property
    def samples(self) -> Any:
        """Of the first panel: an array, or a DataFrame where points were one. None until something was trained."""
        return self.result("a").get("samples")

    @property
    def losses(self) -> Optional[np.ndarray]:
        """After each training step; of a very long training's earlier ones, means. None until something was trained."""
        return self.result("a").get("losses")

    @property
    def weights(self) -> Optional[bytes]:
        """A safetensors file. None until something was trained, and of a field that is exact."""
        return self.result("a").get("weights")

    def result(self, panel: str) -> dict:
        """Of the panel "a", "b", "c" or "d": its method, step, samples, losses, their steps, and weights."""
        told = self._results.get(panel)
        if told is None:
            return {}
        rows = _floats(told["losses"]).reshape(-1, 2)
        weights = bytes(told["weights"])
        return {
            "method": told["method"],
            "step": told["step"],
            "samples": self._framed(_floats(told["samples"]).reshape(-1, told["dim"])),
            "losses": rows[:, 1],
            "loss_steps": rows[:, 0].astype(int),
            "weights": weights or None,
        }

    def _framed(self, samples: np.ndarray) -> Any:
        if self._points is None or self._points.frame is None:
            return samples
        return self._points.frame({name: samples[:, i] for i, name in enumerate(self._points.columns)})

    def _order(self, do: str, steps: Optional[int] = None) -> None:
        number = self._orders[-1]["id"] + 1 if self._orders else 1
        # Those that were carried out by now are of no use to anyone.
        left = [one for one in self._orders if one["id"] > self._handled]
        self._orders = [*left, {"id": number, "do": do, "steps": steps}]

    def _answer(self, _: Any, content: Any, __: Any) -> None:
        """The page asks for a file of the wheel."""
        if not isinstance(content, dict) or content.get("kind") != "asset":
            return
        path = (STATIC / "assets" / pathlib.PurePath(str(content["name"])).name).resolve()
        found = path.parent == (STATIC / "assets").resolve() and path.is_file()
        self.send({**content, "found": found}, buffers=[path.read_bytes() if found else b""])


def _text(value: Any) -> str:
    """As an attribute has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ",".join(_text(one) for one in value)
    return str(value)


def _floats(raw: Any) -> np.ndarray:
    return np.frombuffer(raw, dtype="<f8").copy()
