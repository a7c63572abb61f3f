def network_new_weights():
    return new_network()


def network_velocity(weights, x, t):
    """The velocity field f(x, t) of dx/dt = f(x, t)."""
    return network(weights, x, t)


def diffusion_velocity(weights, x, t):
    """The velocity of the probability flow that a prediction g gives (Song 2021): a x + b g."""
    alpha, sigma, d_alpha, d_sigma = schedule(t)
    if METHOD["prediction"] == "data":
        a, b = d_sigma / sigma, d_alpha - d_sigma * alpha / sigma
    else:
        a, b = d_alpha / alpha, d_sigma - d_alpha * sigma / alpha
    if METHOD["prediction"] == "score":
        b = -b  # A score network is scaled by sigma: g = sigma * score = -noise.
    return float(a) * x + float(b) * network(weights, x, t)


def network_generate(weights, noise):
    """Samples, by the flow's ODE."""
    return carry(weights, noise, 1.0, 0.0)


def interpolant_new_weights():
    """Two networks: the velocity, and a denoiser beside it."""
    return new_network("velocity.") | new_network("denoiser.")


def interpolant_velocity(weights, x, t):
    """The velocity field f(x, t) of dx/dt = f(x, t)."""
    return network(weights, x, t, "velocity.")


def jumping_new_weights():
    """A network that is told beside the time how far to jump."""
    return new_network() | {"context.weight": uniform((DIM + 2) ** -0.5, 1, NETWORK["width"])}


def jumping_velocity(weights, x, t, d=0.0):
    """The mean velocity of a jump back from t over d; of no jump at all it is f(x, t) of dx/dt = f(x, t)."""
    return network(weights, x, t, told=torch.full_like(x[:, :1], d))


def jumping_generate(weights, noise):
    """Samples in as many learned jumps as are asked for, or by the flow's ODE."""
    if ARGUMENTS.jumps == 0:
        return carry(weights, noise, 1.0, 0.0)
    x, d = noise, 1 / ARGUMENTS.jumps
    with torch.no_grad():
        for i in range(ARGUMENTS.jumps):
            x = x - d * velocity(weights, x, 1 - i * d, d)
    return x


def coupling_generate(weights, noise):
    """Samples, by the formula of each block. The flow's ODE leads to the same, but for the solver's error."""
    x = noise
    with torch.no_grad():
        for name in reversed(block_names()):
            x = pass_block(weights, x, name, -1)[0]
        gap = (carry(weights, noise, 1.0, 0.0) - x).abs().max()
    print(f"the flow's ODE, by {SOLVER['kind']} x {SOLVER['steps']}, ends at most {gap:.1e} away")
    return x


def jko_velocity(weights, x, t):
    """A chain of K autonomous blocks: the k-th flows for a unit of its own time while t goes from k/K to (k + 1)/K."""
    count = num_blocks(weights)
    if count == 1 and "input.weight" in weights:
        return network(weights, x, t)
    return count * network(weights, x, t, f"block.{min(int(t * count), count - 1)}.")


def num_blocks(weights):
    return max(1, len({name.split(".")[1] for name in weights if name.startswith("block.")}))
