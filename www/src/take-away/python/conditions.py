def network(weights, x, t, prefix=""):
    """The network, told the class of each point: [n, DIM]."""
    numbers = torch.as_tensor(TOLD[0], device=DEVICE).expand(len(x))
    told = torch.nn.functional.one_hot(numbers, len(CLASSES) + 1).to(x.dtype)
    return bare_network(weights, x, t, prefix, told)


def told_new_weights():
    """Initial weights: what the network is told beside the time has a row for each class, and the last for none."""
    weights, rows = bare_new_weights(), len(CLASSES) + 1
    ratio = ((DIM + 1) / (DIM + 1 + rows)) ** 0.5
    for prefix in [name.removesuffix("time.weight") for name in weights if name.endswith("time.weight")]:
        for piece in ("input.weight", "input.bias", "time.weight"):
            weights[prefix + piece] *= ratio
        weights[f"{prefix}context.weight"] = uniform((DIM + 1 + rows) ** -0.5, rows, NETWORK["width"])
    return weights


def guided_velocity(weights, x, t):
    """w f(x, t, class) + (1 - w) f(x, t, none), of dx/dt = f(x, t) (Ho and Salimans 2022, equation (6))."""
    w = 0.0 if ARGUMENTS.asked is None else ARGUMENTS.guidance
    found = 0
    for weight, number in ((w, ARGUMENTS.asked), (1 - w, len(CLASSES))):
        if weight != 0:
            TOLD[0] = number
            found = found + weight * bare_velocity(weights, x, t)
    return found


def labelled_points_from_file(points, labels):
    """Draws from the points in a file, and tells the network the class of each, which it hides now and then."""
    points = torch.as_tensor(((np.load(HERE / points).astype(np.float64) - CENTER) / SCALE).astype(np.float32))
    points, numbers = points.to(DEVICE), torch.as_tensor(np.load(HERE / labels).astype(np.int64).ravel(), device=DEVICE)

    def sample(n):
        chosen = torch.randint(0, len(points), (n,), device=DEVICE)
        hidden = torch.rand(n, device=DEVICE) < EXPERIMENT["condition"]["drop"]
        LABELS[0] = numbers[chosen]
        TOLD[0] = torch.where(hidden, len(CLASSES), LABELS[0])
        return points[chosen]

    return sample


def within_pair(data, noise):
    """Pairs of each class's points with as many noise points: its noise stays what it is."""
    paired = noise.clone()
    for number in range(len(CLASSES)):
        members = LABELS[0] == number
        if members.any():
            paired[members] = bare_pair(data[members], noise[members])
    return paired
