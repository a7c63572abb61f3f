def with_function(name, stand_in, run):
    """What run() gives while a function of this notebook is another."""
    own = globals()[name]
    globals()[name] = stand_in
    try:
        return run()
    finally:
        globals()[name] = own


def check_loss():
    torch.manual_seed(1)
    data, noise = sample_data(64), sample_noise(64)
    asked = []

    def asked_of(output):
        def network(weights, x, t, prefix="", told=None):
            asked.append((x, t))
            return output

        return with_function("network", network, lambda: loss({}, lambda: (data, noise), 0))

    value = asked_of(torch.zeros_like(data))
    assert isinstance(value, torch.Tensor) and value.ndim == 0, "loss is to give one number, as a tensor"
    x, t = asked[0]
    line = (1 - t) * data + t * noise
    assert torch.allclose(x, line, atol=1e-5), "the network is to be asked on the line: data at t = 0, noise at t = 1"
    wanted = (noise - data).square().sum(1).mean()
    assert torch.allclose(value, wanted), f"of a network that gives 0 the loss is {wanted:.4f}, not {value:.4f}: sum over coordinates?"
    least = asked_of(noise - data)
    assert least < 1e-6, f"of a network that knows each line's velocity it is 0, not {least:.4f}: which end is which?"
    print("The loss is right.")


def check_generate():
    noise, calls = torch.tensor([[1.0, -2.0], [0.5, 3.0]]), []

    def carried(field, steps):
        def velocity(weights, x, t):
            calls.append(t)
            return field(x, t)

        return with_function("velocity", velocity, lambda: generate({}, noise, steps))

    ends = carried(lambda x, t: x, 4)
    assert isinstance(ends, torch.Tensor) and ends.shape == noise.shape, "generate is to give as many points as it got"
    assert len(calls) == 8, f"four steps of Heun's method are 8 evaluations, not {len(calls)}"
    assert not torch.allclose(ends, noise * 0.75**4, atol=1e-4), "that is Euler's method: take the mean of two velocities"
    factor = (1 - 0.25 + 0.25**2 / 2) ** 4
    assert torch.allclose(ends, noise * factor, atol=1e-5), "dx/dt = x should shrink the points on the way from 1 to 0"
    drift = carried(lambda x, t: 2 * t * torch.ones_like(x), 3)
    assert torch.allclose(drift, noise - 1, atol=1e-5), "dx/dt = 2t should move them by -1: at which times is f asked?"
    print("The sampler is right.")


def check_log_density():
    rates, x = torch.tensor([0.3, -0.5]), torch.tensor([[0.2, 1.0], [-1.5, 0.4], [0.0, 0.0]])
    found = with_function("velocity", lambda weights, x, t: x * rates, lambda: log_density({}, x))
    assert isinstance(found, torch.Tensor) and found.shape == (3,), "log_density is to give a number for each point"
    ends = x * rates.exp()
    wanted = -0.5 * ends.square().sum(1) - math.log(2 * math.pi) + rates.sum()
    assert torch.allclose(found, wanted, atol=1e-3), f"for dx/dt = (0.3 x, -0.5 y) it is {wanted.tolist()}, not {found.tolist()}"
    side = torch.linspace(-6, 6, 121)
    grid = torch.cartesian_prod(side, side)
    mass = log_density(weights, grid).exp().sum() * 0.1**2
    assert abs(mass - 1) < 0.05, f"your model's density adds up to {mass:.3f}, not to 1"
    torch.manual_seed(2)
    nll = -log_density(weights, sample_data(4000)).mean()
    print(f"The log-density is right. It adds up to {mass:.3f}; the NLL is {nll:.3f} nats, the entropy of the moons 2.394.")
