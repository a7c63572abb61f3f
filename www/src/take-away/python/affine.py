def new_weights():
    """A network for each layer; mixings and the scaling begin as the identity."""
    weights = {}
    for name in block_names():
        if name.startswith("coupling."):
            weights |= new_network(f"{name}.")
        else:
            weights[f"{name}.exponent"] = torch.zeros(1 if name == "scaling" else DIM, DIM, device=DEVICE)
    return weights


def factors(weights, x, name):
    """s and b of a block, [n, DIM] or [1, DIM]: it carries x to e^s x + b. They are 0 on the half that rests, and know it alone."""
    if name == "scaling":
        return weights["scaling.exponent"], torch.zeros_like(weights["scaling.exponent"])
    moving = torch.zeros(1, DIM, device=x.device)
    moving[0, moving_places(name)] = 1
    output = network(weights, x * (1 - moving), 0.0, f"{name}.")
    scales = METHOD["maps"] != "nice"
    return scales * moving * 2 * torch.tanh(torch.roll(output, -(DIM // 2), 1) / 2), moving * output


def pass_block(weights, x, name, way):
    """x through a block, towards the noise (way 1) or back (-1), and ln |det| of that."""
    if name.startswith("mixing."):
        matrix = way * weights[f"{name}.exponent"]
        return x @ torch.matrix_exp(matrix), matrix.trace()
    s, b = factors(weights, x, name)
    return (x * s.exp() + b if way > 0 else (x - b) * (-s).exp()), way * s.sum(1)


def velocity(weights, x, t):
    """The velocity field f(x, t) of dx/dt = f(x, t): K blocks share the time, and the ODE of each is linear in what moves."""
    names = block_names()
    name = names[min(int(t * len(names)), len(names) - 1)]
    if name.startswith("mixing."):
        return len(names) * x @ weights[f"{name}.exponent"]
    s, b = factors(weights, x, name)
    share = torch.where(s == 0, torch.ones_like(s), s / torch.expm1(torch.where(s == 0, torch.ones_like(s), s)))
    return len(names) * (s * x + b * share)
