"""Flow Playground in a notebook: see `Playground`."""

from ._version import __version__
from ._widget import Playground

__all__ = ["Playground", "__version__"]
