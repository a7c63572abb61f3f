def whole_stretches(weights, start, end):
    """The way in one piece."""
    return [(start, end, 1.0)]


def whole_carry_within(weights, x, start, end, steps, kind):
    return solve(lambda state, t: (velocity(weights, state[0], t),), (x,), start, end, steps, kind)[0]


def root_carry_within(weights, x, start, end, steps, kind):
    """In equal steps of the root of t, in which the field of a diffusion is smooth; it is finite from 0.001 on."""
    start, end = math.sqrt(max(start, 1e-3)), math.sqrt(max(end, 1e-3))
    return solve(lambda state, s: (2 * s * velocity(weights, state[0], s * s),), (x,), start, end, steps, kind)[0]


def blocks_stretches(weights, start, end):
    """The way cut where one block ends and the next begins."""
    count = num_blocks(weights)
    ends = sorted({start, end} | {k / count for k in range(1, count) if min(start, end) < k / count < max(start, end)})
    ends = ends if start < end else ends[::-1]
    return [(a, b, abs(b - a) / abs(end - start)) for a, b in zip(ends, ends[1:])]


def blocks_carry_within(weights, x, start, end, steps, kind):
    low, high = min(start, end) + 1e-6, max(start, end) - 1e-6
    inside = lambda t: min(max(t, low), high)
    return solve(lambda state, t: (velocity(weights, state[0], inside(t)),), (x,), start, end, steps, kind)[0]
