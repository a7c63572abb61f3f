def solve(slope, state, start, end, steps, kind=None):
    """Equal steps of an explicit Runge-Kutta method for d state/dt = slope(state, t), tuples of tensors."""
    rows, weights = TABLEAUS[kind or SOLVER["kind"]]
    h = (end - start) / steps
    for i in range(steps):
        t, stages = start + i * h, []
        for row in [(), *rows]:
            stages.append(slope(moved(state, stages, row, h), t + h * sum(row)))
        state = moved(state, stages, weights, h)
    return state


def moved(state, stages, factors, h):
    for factor, stage in zip(factors, stages):
        state = tuple(x + h * factor * dx for x, dx in zip(state, stage)) if factor else state
    return state


def carry(weights, x, start, end, steps=None, kind=None):
    """Points along the flow, from one time to another."""
    steps = steps or SOLVER["steps"]
    with torch.no_grad():
        for begin, until, share in stretches(weights, start, end):
            x = carry_within(weights, x, begin, until, max(1, round(steps * share)), kind)
    return x.detach()
