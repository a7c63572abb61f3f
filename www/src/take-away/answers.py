def loss(weights, draw, round):
    """E |f(x(t), t) - (x(1) - x(0))|^2, on straight lines from data to noise."""
    data, noise = draw()
    t = loss_times(len(data))
    x = (1 - t) * data + t * noise
    target = noise - data
    return (network(weights, x, t) - target).square().sum(1).mean()


def generate(weights, noise, steps=20):
    """Samples: noise at t = 1, carried to t = 0 in equal steps of Heun's method."""
    x, h = noise, 1 / steps
    with torch.no_grad():
        for i in range(steps):
            t = 1 - i * h
            here = velocity(weights, x, t)
            there = velocity(weights, x - h * here, t - h)
            x = x - h * (here + there) / 2
    return x


def log_density(weights, x, steps=20):
    """ln p(x) [n]: data at t = 0, carried to the noise at t = 1."""

    def slope(state, t):
        """How fast the points move, and how fast the integral of the divergence grows."""
        f, divergence = velocity_and_trace(weights, state[0], t, "exact", None)
        return f, divergence

    with torch.no_grad():
        ends, integral = solve(slope, (x, x.new_zeros(len(x))), 0.0, 1.0, steps)
    return -0.5 * ends.square().sum(1) - 0.5 * DIM * math.log(2 * math.pi) + integral
