def network(weights, x, t, prefix="", told=None):
    """The network, told the class of each point, of a batch's first where there are fewer: [n, DIM]."""
    numbers = torch.as_tensor(TOLD[0], device=DEVICE)
    numbers = numbers[: len(x)] if numbers.dim() == 1 else numbers.expand(len(x))
    classes = torch.nn.functional.one_hot(numbers, len(CLASSES) + 1).to(x.dtype)
    return bare_network(weights, x, t, prefix, classes if told is None else torch.cat([told, classes], 1))


def told_new_weights():
    """Initial weights: what the network is told beside the time is a row for its jump, where it makes some, one for each class, and
    the last for none."""
    weights, rows = bare_new_weights(), ("jumps" in METHOD) + len(CLASSES) + 1
    ratio = ((DIM + 1) / (DIM + 1 + rows)) ** 0.5
    for prefix in [name.removesuffix("time.weight") for name in weights if name.endswith("time.weight")]:
        for piece in ("input.weight", "input.bias", "time.weight"):
            weights[prefix + piece] *= ratio
        weights[f"{prefix}context.weight"] = uniform((DIM + 1 + rows) ** -0.5, rows, NETWORK["width"])
    return weights


def guided_velocity(weights, x, t, *jump):
    """w f(x, t, class) + (1 - w) f(x, t, none), of dx/dt = f(x, t) (Ho and Salimans 2022, equation (6))."""
    w = 0.0 if ARGUMENTS.asked is None else ARGUMENTS.guidance
    found = 0
    for weight, number in ((w, ARGUMENTS.asked), (1 - w, len(CLASSES))):
        if weight != 0:
            TOLD[0] = number
            found = found + weight * bare_velocity(weights, x, t, *jump)
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


def told_of(numbers):
    """Columns that tell the network numbers [n, C]: each in its standard deviations, and 0; zeros and 1 for none."""
    if numbers is None:
        return torch.eye(len(NUMBERS) + 1, device=DEVICE)[-1:]
    mean, deviation = (np.array([number[k] for number in NUMBERS]) for k in (1, 2))
    told = np.pad((np.asarray(numbers, np.float64) - mean) / deviation, ((0, 0), (0, 1)))
    return torch.as_tensor(told.astype(np.float32), device=DEVICE)


def observing_network(weights, x, t, prefix="", told=None):
    """The network, told the numbers of each point, of a batch's first where there are fewer: [n, DIM]."""
    numbers = told_of(None) if TOLD[0] is None else TOLD[0]
    numbers = (numbers[: len(x)] if len(numbers) > 1 else numbers.expand(len(x), -1)).to(x.dtype)
    return bare_network(weights, x, t, prefix, numbers if told is None else torch.cat([told, numbers], 1))


def observing_velocity(weights, x, t, *jump):
    """w f(x, t, numbers) + (1 - w) f(x, t, none), of dx/dt = f(x, t) (Ho and Salimans 2022, equation (6))."""
    w = 0.0 if ARGUMENTS.asked is None else ARGUMENTS.guidance
    found = 0
    for weight, numbers in ((w, [ARGUMENTS.asked]), (1 - w, None)):
        if weight != 0:
            TOLD[0] = told_of(numbers)
            found = found + weight * bare_velocity(weights, x, t, *jump)
    return found


def observed_points_from_file(points, numbers):
    """Draws from the points in a file, and tells the network the numbers of each, which it hides now and then."""
    points = torch.as_tensor(((np.load(HERE / points).astype(np.float64) - CENTER) / SCALE).astype(np.float32))
    points, told = points.to(DEVICE), told_of(np.load(HERE / numbers).astype(np.float64).reshape(len(points), -1))

    def sample(n):
        chosen = torch.randint(0, len(points), (n,), device=DEVICE)
        hidden = torch.rand(n, 1, device=DEVICE) < EXPERIMENT["condition"]["drop"]
        LABELS[0] = told[chosen]
        TOLD[0] = torch.where(hidden, told_of(None), LABELS[0])
        return points[chosen]

    return sample


def near_pair(data, noise):
    """Pairs among points whose numbers are near: a standard deviation of one costs as much as 10 units of way."""
    beside = 10 * LABELS[0][:, :-1]
    paired = bare_pair(torch.cat([data, beside], 1), torch.cat([noise, beside], 1))
    return paired[:, : data.shape[1]]
