def loss(weights, draw, round):
    """E |f(x(t), t) - (x(1) - x(0))|^2, on straight lines from data to noise."""
    data, noise = draw()
    t = loss_times(len(data))
    x = ...  # the point of each pair's line at its time
    target = ...  # the velocity of each line
    return ...  # how far network(weights, x, t) is from it: squares, summed over coordinates, averaged over the batch


def generate(weights, noise, steps=20):
    """Samples: noise at t = 1, carried to t = 0 in equal steps of Heun's method."""
    x, h = noise, 1 / steps
    with torch.no_grad():
        for i in range(steps):
            t = 1 - i * h
            here = ...  # the velocity where a step begins
            there = ...  # and where a step of Euler's method would end; time runs backward
            x = ...  # the step, with the mean of both
    return x


def log_density(weights, x, steps=20):
    """ln p(x) [n]: data at t = 0, carried to the noise at t = 1."""

    def slope(state, t):
        """How fast the points move, and how fast the integral of the divergence grows."""
        f, divergence = velocity_and_trace(weights, state[0], t, "exact", None)
        return ..., ...

    with torch.no_grad():
        ends, integral = solve(slope, (x, x.new_zeros(len(x))), 0.0, 1.0, steps)
    return ...  # ln q of the ends, where q is N(0, I), and what the way adds
