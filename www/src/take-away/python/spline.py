BINS, REACH, MOST_EXPONENT = 8, 5.0, 3.0


def new_weights():
    """A network for each layer, which begins as the identity: all that it says is 0."""
    weights = {}
    for name in block_names():
        weights |= new_network(f"{name}.", DIM // 2 * (3 * BINS - 1))
        for piece in ("weight", "bias"):
            weights[f"{name}.output.{piece}"].zero_()
    return weights


def splines(weights, x, name):
    """A spline of each moving coordinate, as the others set it: its knots in and out [n, _, BINS + 1], and the derivatives there."""
    resting = torch.ones(1, DIM, device=x.device)
    resting[0, moving_places(name)] = 0
    said = network(weights, x * resting, 0.0, f"{name}.").reshape(len(x), DIM // 2, 3 * BINS - 1)
    positive = (MOST_EXPONENT * torch.tanh(said / MOST_EXPONENT)).exp()
    wide, high, between = positive.split([BINS, BINS, BINS - 1], 2)
    shares = [(part / part.sum(2, keepdim=True)).cumsum(2) for part in (wide, high)]
    start, end = [REACH * (2 * torch.nn.functional.pad(share, (1, 0)) - 1) for share in shares]
    return start, end, torch.nn.functional.pad(between, (1, 1), value=1.0)


def bin_of(y, knots):
    return torch.searchsorted(knots[..., 1:-1].contiguous(), y[..., None])


def bin_at(start, end, slopes, k, s):
    """Bin k at time s, of knots and derivatives on the straight way from the identity: left, width, bottom, height, a, b."""
    end, slopes = (1 - s) * start + s * end, 1 - s + s * slopes
    at = lambda knots, k: knots.gather(2, k)[..., 0]
    left, bottom = at(start, k), at(end, k)
    return left, at(start, k + 1) - left, bottom, at(end, k + 1) - bottom, at(slopes, k), at(slopes, k + 1)


def risen(theta, piece):
    """Where a point is that is so far through its piece, 0 to 1: a rational quadratic of derivatives a and b (Durkan 2019)."""
    _, width, bottom, height, a, b = piece
    slope, both = height / width, theta * (1 - theta)
    return bottom + height * (slope * theta**2 + a * both) / (slope + (a + b - 2 * slope) * both)


def log_slope(theta, piece):
    _, width, _, height, a, b = piece
    slope, both = height / width, theta * (1 - theta)
    steep = b * theta**2 + 2 * slope * both + a * (1 - theta) ** 2
    return (slope**2 * steep).log() - 2 * (slope + (a + b - 2 * slope) * both).log()


def theta_of(y, piece):
    """How far through its bin a point is that rose to y: the root of a quadratic, written so that nothing cancels."""
    _, width, bottom, height, a, b = piece
    slope, share = height / width, ((y - bottom) / height).clamp(0, 1)
    excess = a - slope - (a + b - 2 * slope) * share
    middle = slope + excess
    total = middle.abs() + (middle**2 - 4 * excess * slope * share).clamp(min=0).sqrt()
    return torch.where(middle < 0, -total / (2 * excess), 2 * slope * share / total).clamp(0, 1)


def pass_block(weights, x, name, way):
    """x through a block, towards the noise (way 1) or back (-1), and ln |det| of that. What is out of reach stays."""
    moving, (start, end, slopes) = moving_places(name), splines(weights, x, name)
    here = x[:, moving].clamp(-REACH, REACH)
    piece = bin_at(start, end, slopes, bin_of(here, start if way > 0 else end), 1.0)
    theta = (here - piece[0]) / piece[1] if way > 0 else theta_of(here, piece)
    there = risen(theta, piece) if way > 0 else piece[0] + piece[1] * theta
    moved = torch.zeros_like(x)
    moved[:, moving] = there - here
    return x + moved, way * log_slope(theta, piece).sum(1)


def velocity(weights, x, t):
    """The velocity field f(x, t) of dx/dt = f(x, t): K blocks share the time, and within one each spline goes from the identity to itself."""
    names = block_names()
    k = min(int(t * len(names)), len(names) - 1)
    s, moving = torch.as_tensor(t * len(names) - k, dtype=x.dtype, device=x.device), moving_places(names[k])
    start, end, slopes = splines(weights, x, names[k])
    here = x[:, moving].clamp(-REACH, REACH)
    bins = bin_of(here, (1 - s) * start + s * end)
    theta = theta_of(here, bin_at(start, end, slopes, bins, s))
    at_time = lambda s: risen(theta, bin_at(start, end, slopes, bins, s))
    moved = torch.zeros_like(x)
    moved[:, moving] = len(names) * torch.func.jvp(at_time, (s,), (torch.ones_like(s),))[1]
    return moved
