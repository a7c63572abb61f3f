"""Pictures of one's own for distributed.py: NumPy's arrays of n pictures, MNIST's IDX files, or a folder of PNG or JPEG, whose
folders are the classes."""

import gzip
import math
from pathlib import Path

import numpy as np
import torch

ENDINGS = (".png", ".jpg", ".jpeg", ".webp")


class Arrays(torch.utils.data.Dataset):
    """Pictures [side, side, colors] that are in memory, with the number of the class of each."""

    def __init__(self, pictures, labels=None):
        n, height, width = pictures.shape[:3]
        if height != width:
            raise SystemExit(f"The pictures are {width} x {height} pixels; square ones can be trained on.")
        if labels is not None and len(labels) != n:
            raise SystemExit(f"There are {len(labels)} labels; {n} are needed, one for each picture.")
        self.classes, self.numbers = np.unique(np.zeros(n, int) if labels is None else labels, return_inverse=True)
        self.pictures = in_levels(pictures.reshape(n, height, width, -1))

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, i):
        return self.pictures[i], self.numbers[i]


class Folder(torch.utils.data.Dataset):
    """A file each, read when it is needed: its middle square, made `side` pixels wide."""

    def __init__(self, folder, side):
        self.paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
        if not self.paths:
            raise SystemExit(f"There is no picture in {folder}; they end in {', '.join(ENDINGS)}.")
        folders = [path.parent.relative_to(folder).as_posix() for path in self.paths]
        self.classes, self.numbers = np.unique(folders, return_inverse=True)
        self.side = side or 32

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        from PIL import Image, ImageOps

        with Image.open(self.paths[i]) as image:
            size = (self.side, self.side)
            return np.array(ImageOps.fit(image.convert("RGB"), size, Image.Resampling.BOX)), self.numbers[i]


def read(path, side=None, labels=None):
    """The pictures of a folder, which are made `side` pixels wide, or of a file, with its labels in another or in none."""
    path = Path(path)
    if path.is_dir():
        return Folder(path, side)
    arrays = arrays_in(path)
    pictures = [array for array in arrays if array.ndim > 1]
    numbers = [array for array in arrays if array.ndim == 1] if labels is None else arrays_in(Path(labels))
    if not pictures:
        raise SystemExit(f"There are no pictures in {path}: an array [n, height, width] or [n, height, width, 3] is needed.")
    return Arrays(unfolded(pictures[0]), numbers[0].ravel() if numbers else None)


def arrays_in(path):
    bytes = path.read_bytes()
    if bytes[:2] == b"\x1f\x8b":
        bytes = gzip.decompress(bytes)
    if bytes[:3] == b"\0\0\x08":
        shape = np.frombuffer(bytes, ">u4", bytes[3], 4)
        return [np.frombuffer(bytes, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)]
    found = np.load(path)
    return [found] if isinstance(found, np.ndarray) else list(found.values())


def unfolded(pictures):
    """Rows of pixels as squares, gray or in color."""
    if pictures.ndim > 2:
        return pictures
    pixels = pictures.shape[1] if math.isqrt(pictures.shape[1]) ** 2 == pictures.shape[1] else pictures.shape[1] // 3
    return pictures.reshape(len(pictures), math.isqrt(pixels), math.isqrt(pixels), -1)


def in_levels(pictures):
    """Bytes as they are; other levels, from -1 or 0 to 1, 16 or 255, from -1 to 1."""
    if pictures.dtype == np.uint8 and pictures.max() > 16:
        return pictures
    least, most = pictures.min(), pictures.max()
    if least < -1 or most > 255 or (least < 0 and most > 1):
        raise SystemExit(f"The pixels go from {least} to {most}; from 0 or -1 to 1, 0 to 16 or 0 to 255 can be read.")
    pixels = pictures.astype(np.float32)
    return pixels if least < 0 else 2 * pixels / next(top for top in (1, 16, 255) if most <= top) - 1


def spread(pictures):
    """A batch as points: each level of a byte takes its 256th of -1 to 1, evenly, so that there is a density."""
    if pictures.dtype == torch.uint8:
        pictures = 2 * (pictures.float() + torch.rand(pictures.shape, device=pictures.device)) / 256 - 1
    return pictures.flatten(1)


def sheet(pictures, path):
    """Bytes [n, side, side, colors] beside each other, as a PNG."""
    from PIL import Image

    across = math.isqrt(len(pictures))
    padded = np.pad(pictures[: across**2], ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=128)
    n, side, _, colors = padded.shape
    rows = padded.reshape(across, across, side, side, colors).swapaxes(1, 2).reshape(across * side, across * side, colors)
    Image.fromarray(rows.squeeze(2) if colors == 1 else rows).save(path)
