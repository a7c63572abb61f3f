# When each snapshot in time is passed, and the numbers of those that training sees.
CLOCK = []
SEEN = [number for number in range(len(CLOCK)) if number == 0 or number != EXPERIMENT["snapshots"].get("leaveOut", 0)]


def snapshots_from_files(points, labels):
    """The points of each snapshot in time, in the model's units."""
    points = torch.as_tensor(((np.load(HERE / points).astype(np.float64) - CENTER) / SCALE).astype(np.float32))
    numbers = torch.as_tensor(np.load(HERE / labels).astype(np.int64).ravel())
    return [points[numbers == number].to(DEVICE) for number in range(len(CLOCK))]


SNAPSHOTS = snapshots_from_files("data.npy", "labels.npy")


def draw_snapshot(number, n):
    """Points of one of them."""
    points = SNAPSHOTS[number]
    return points[torch.randint(0, len(points), (n,), device=DEVICE)]


def sample_data(n):
    """P, at t = 0."""
    return draw_snapshot(0, n)


def sample_noise(n):
    """Q, at t = 1."""
    return draw_snapshot(-1, n)
