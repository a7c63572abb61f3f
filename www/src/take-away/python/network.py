def piece_names(prefix=""):
    """Each layer's name, from the first to the last."""
    last = NETWORK["depth"]
    return [prefix + ("input" if i == 0 else "output" if i == last else f"hidden.{i}") for i in range(last + 1)]


def new_network(prefix="", to=DIM):
    """Initial weights by name; matrices are [inputs, outputs]."""
    weights, names = {}, piece_names(prefix)
    for i, name in enumerate(names):
        inputs = DIM if i == 0 else NETWORK["width"]
        outputs = to if i == NETWORK["depth"] else NETWORK["width"]
        timed = i == 0 and NETWORK["conditioning"] == "concat"
        bound = (inputs + timed) ** -0.5
        weights[f"{name}.weight"] = uniform(bound, inputs, outputs)
        weights[f"{name}.bias"] = uniform(bound, 1, outputs)
        if timed:
            weights[f"{prefix}time.weight"] = uniform(bound, 1, outputs)
        if NETWORK["conditioning"] == "concat-squash":
            for piece in ("gate.weight", "gate.bias", "shift.weight"):
                weights[f"{name}.{piece}"] = uniform(1.0, 1, outputs)
    return weights


def uniform(bound, *size):
    return torch.empty(*size, device=DEVICE).uniform_(-bound, bound)


def activation(z):
    kind = NETWORK["activation"]
    if kind == "silu":
        return torch.nn.functional.silu(z)
    return torch.tanh(z) if kind == "tanh" else torch.nn.functional.softplus(z, beta=20.0)


def network(weights, x, t, prefix="", told=None):
    """The network at x [n, DIM] and t, a number or [n, 1], told more [n, _] where it is: [n, DIM], or as many as it has outputs."""
    names = piece_names(prefix)
    for i, name in enumerate(names):
        y = x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]
        if i == 0 and NETWORK["conditioning"] == "concat":
            y = y + t * weights[f"{prefix}time.weight"]
            y = y if told is None else y + told @ weights[f"{prefix}context.weight"]
        if NETWORK["conditioning"] == "concat-squash":
            gate = torch.sigmoid(t * weights[f"{name}.gate.weight"] + weights[f"{name}.gate.bias"])
            y = y * gate + t * weights[f"{name}.shift.weight"]
        x = activation(y) if i < NETWORK["depth"] else y
    return x
