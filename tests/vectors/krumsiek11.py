"""Two principal components of scanpy's simulated blood cells, at five times: `python krumsiek11.py scanpy-*.whl > krumsiek11.csv`.

640 cells of 11 genes, four branches of 160 steps each, simulated from the network of Krumsiek 2011 by scanpy 1.11.5 (BSD 3-Clause:
krumsiek11-license.txt), whose wheel holds them as `scanpy/datasets/krumsiek11.txt`. A snapshot is a fifth of the steps of every
branch, 128 cells, at the mean of its steps. Only the standard library is used, so that the numbers are the same everywhere.
"""

import sys
import zipfile

STEPS, SNAPSHOTS = 160, 5


def read(wheel: str) -> list[list[float]]:
    text = zipfile.ZipFile(wheel).read("scanpy/datasets/krumsiek11.txt").decode()
    rows = [line.split() for line in text.splitlines() if line and not line.startswith(("#", "it"))]
    return [[float(cell) for cell in row[1:]] for row in rows]


def dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b))


def principal(rows: list[list[float]], found: list[list[float]]) -> list[float]:
    """The next direction of the largest variance, by power iteration, with its largest entry positive."""
    direction = [1.0 + k for k in range(len(rows[0]))]
    for _ in range(2000):
        shares = [dot(row, direction) for row in rows]
        direction = [dot([row[k] for row in rows], shares) for k in range(len(direction))]
        for other in found:
            along = dot(direction, other)
            direction = [x - along * y for x, y in zip(direction, other)]
        length = dot(direction, direction) ** 0.5
        direction = [x / length for x in direction]
    sign = 1.0 if max(direction, key=abs) > 0 else -1.0
    return [sign * x for x in direction]


def main() -> None:
    cells = read(sys.argv[1])
    assert len(cells) == 4 * STEPS and {len(cell) for cell in cells} == {11}, "640 cells of 11 genes"
    means = [sum(column) / len(cells) for column in zip(*cells)]
    centered = [[x - mean for x, mean in zip(cell, means)] for cell in cells]
    directions: list[list[float]] = []
    for _ in range(2):
        directions.append(principal(centered, directions))
    print("pc1,pc2,time")
    each = STEPS // SNAPSHOTS
    for number, cell in enumerate(centered):
        time = (number % STEPS) // each * each + (each - 1) / 2
        print(",".join([*(f"{dot(cell, direction):.5f}" for direction in directions), f"{time:g}"]))


main()
