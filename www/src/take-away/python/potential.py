def new_weights():
    """The opening layer, the residual layers, w, A and b (Onken 2021, section 3); matrices are [inputs, outputs]."""
    width, inputs = NETWORK["width"], DIM + 1
    rank = min(10, inputs)
    weights = {}
    for layer in range(NETWORK["depth"]):
        fan_in = inputs if layer == 0 else width
        weights[f"layer.{layer}.weight"] = uniform(fan_in**-0.5, fan_in, width)
        weights[f"layer.{layer}.bias"] = uniform(fan_in**-0.5, 1, width)
    weights["output.weight"] = torch.ones(1, width, device=DEVICE)
    weights["quadratic.weight"] = uniform((6 / (inputs + rank)) ** 0.5, rank, inputs)
    weights["linear.weight"] = torch.zeros(1, inputs, device=DEVICE)
    return weights


def uniform(bound, *size):
    return torch.empty(*size, device=DEVICE).uniform_(-bound, bound)


def potential(weights, s):
    """Phi(x, t) = w . N(s) + |A s|^2 / 2 + b . s for s = (x, t) [n, DIM + 1]: [n]."""
    step = 1 / (max(NETWORK["depth"], 2) - 1)

    def act(z):
        return z.abs() + torch.nn.functional.softplus(-2 * z.abs())

    hidden = act(s @ weights["layer.0.weight"] + weights["layer.0.bias"])
    for layer in range(1, NETWORK["depth"]):
        hidden = hidden + step * act(hidden @ weights[f"layer.{layer}.weight"] + weights[f"layer.{layer}.bias"])
    quadratic = 0.5 * (s @ weights["quadratic.weight"].T).square().sum(1)
    return (hidden @ weights["output.weight"].T + s @ weights["linear.weight"].T).squeeze(1) + quadratic


def slopes(weights, x, t):
    """The gradient of Phi in x and t: [n, DIM + 1]. Differentiable once more."""
    with torch.enable_grad():
        t = torch.as_tensor(t, dtype=x.dtype, device=x.device).expand(len(x), 1) if not torch.is_tensor(t) else t
        s = torch.cat([x, t], 1)
        s = s if s.requires_grad else s.requires_grad_()
        return torch.autograd.grad(potential(weights, s).sum(), s, create_graph=True)[0]


def velocity(weights, x, t):
    """f = -grad Phi."""
    return -slopes(weights, x, t)[:, :DIM]
