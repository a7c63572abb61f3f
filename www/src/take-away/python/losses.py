def flow_matching_loss(weights, draw, round):
    """E |v(x_t, t) - d x_t/dt|^2 over conditional paths (Lipman 2023, equation (9))."""
    data, noise = draw()
    noise = pair(data, noise)
    t = loss_times(len(data))
    alpha, sigma, d_alpha, d_sigma = coefficients(t)
    target = d_alpha * data + d_sigma * noise
    return (network(weights, alpha * data + sigma * noise, t) - target).square().sum(1).mean()


def snapshots_loss(weights, draw, round):
    """E |v(x_t, t) - d x_t/dt|^2 from each snapshot that training sees to the next, in its own part of the time (Tong 2023)."""
    times, pieces = loss_times(OPTIMIZER["batch"]), []
    for here, there in zip(SEEN, SEEN[1:]):
        start, end = CLOCK[here], CLOCK[there]
        t = times[(times >= start) & ((times < end) | (there == SEEN[-1]))].unsqueeze(1)
        if len(t) > 0:
            earlier = draw_snapshot(here, len(t))
            later = pair(earlier, draw_snapshot(there, len(t)))
            alpha, sigma, d_alpha, d_sigma = coefficients((t - start) / (end - start))
            x, target = alpha * earlier + sigma * later, (d_alpha * earlier + d_sigma * later) / (end - start)
            pieces.append((t, x, target))
    t, x, target = [torch.cat(parts) for parts in zip(*pieces)]
    return (network(weights, x, t) - target).square().sum(1).mean()


def reflow_loss(weights, draw, round):
    """E |v(x_t, t) - (x(1) - x(0))|^2 over straight lines between the pairs (Liu 2023, equation (1))."""
    data, noise = draw()
    t = draw_times(len(data))
    if round > METHOD["rounds"]:  # Distillation: at the student's own times only.
        t = (torch.floor(t * METHOD["distill"]) + 1) / METHOD["distill"]
    return (network(weights, (1 - t) * data + t * noise, t) - (noise - data)).square().sum(1).mean()


def mean_flow_loss(weights, draw, round):
    """E w |u(x_t, t, d) - target|^2, the target v - d du/dt with the jump's end held, w = 1/(|u - target|^2 + c)^p (Geng 2025)."""

    def target(x, v, t, d):
        one = torch.ones_like(t)
        _, change = torch.func.jvp(lambda x, t, d: network(weights, x, t, told=d), (x, t, d), (v, one, one))
        return v - d * change

    t = draw_times(max(1, int(METHOD["jumps"] * OPTIMIZER["batch"] + 0.5)))
    other = torch.rand_like(t)
    return jumps_loss(weights, draw, torch.maximum(t, other), (t - other).abs(), target)


def shortcut_loss(weights, draw, round):
    """E |s(x_t, t, d) - target|^2, the target the mean velocity of the jump's two halves (Frans 2024, section 3)."""

    def target(x, v, t, d):
        half = d / 2
        told = torch.where(d < 1.5 * 2.0 ** (1 - METHOD["halvings"]), torch.zeros_like(half), half)
        one = network(weights, x, t, told=told)
        return (one + network(weights, x - half * one, t - half, told=told)) / 2

    shares = draw_times(max(1, int(METHOD["jumps"] * OPTIMIZER["batch"] + 0.5)))
    d = 0.5 ** (torch.arange(len(shares), device=DEVICE) % METHOD["halvings"]).float().unsqueeze(1)
    return jumps_loss(weights, draw, d * (torch.floor(shares / d) + 1), d, target)


def jumps_loss(weights, draw, t, d, target):
    """The first points of a batch jump from t over d; the others regress the velocity."""
    data, noise = draw()
    count, still = len(t), draw_times(len(data) - len(t))
    t, d = torch.cat([t, still]), torch.cat([d, torch.zeros_like(still)])
    x, v = (1 - t) * data + t * noise, noise - data
    learned = target(x[:count], v[:count], t[:count], d[:count]).detach()
    wanted = torch.cat([learned, v[count:]])
    squares = (network(weights, x, t, told=d) - wanted).square().sum(1)
    return (squares / (squares.detach() + 1e-3) ** METHOD.get("adaptive", 0)).mean()


def diffusion_loss(weights, draw, round):
    """E |g(x_t, t) - z|^2 for the noise (Ho 2020, equation (14)), |g + z|^2 for the score, |g - x(0)|^2 for the data."""
    data, _ = draw()
    noise = torch.randn_like(data)
    t = loss_times(len(data))
    alpha, sigma, _, _ = coefficients(t)
    target = {"noise": noise, "score": -noise, "data": data}[METHOD["prediction"]]
    return loss_scale() * (network(weights, alpha * data + sigma * noise, t) - target).square().sum(1).mean()


def uniform_times(n):
    """All times alike."""
    return draw_times(n, EARLIEST)


def uniform_scale():
    """What the mean over these times is multiplied by."""
    return 1.0


def likelihood_primitive(t):
    """ln(exp(B(t)) - 1), whose slope is beta/sigma^2."""
    return math.log(math.expm1(0.1 * t + 9.95 * t * t))


def likelihood_times(n):
    """Times of density beta/sigma^2, which weighs the loss by g^2 (ScoreFlow, Song 2021b)."""
    low, high = likelihood_primitive(EARLIEST), likelihood_primitive(1.0)
    b = torch.nn.functional.softplus(low + draw_times(n).double() * (high - low))
    return (2 * b / (0.1 + torch.sqrt(0.01 + 39.8 * b))).clamp(EARLIEST, 1).float()


def likelihood_scale():
    """What the mean over these times is multiplied by: the integral of beta/sigma^2."""
    return likelihood_primitive(1.0) - likelihood_primitive(EARLIEST)


def logit_normal_times(n):
    """Times with a normal logit: more of them in the middle (Esser 2024, section 3.1)."""
    return torch.sigmoid(torch.special.ndtri(draw_times(n))).clamp(EARLIEST, 1)


def interpolant_loss(weights, draw, round):
    """E [|b|^2/2 - (I' + gamma' z) . b] + E [|eta|^2/2 - z . eta] at x_t (Albergo 2023, (2.13) and (2.16))."""
    data, noise = draw()
    noise, normal = pair(data, noise), torch.randn_like(data)
    t = draw_times(len(data)).clamp(1e-3, 1 - 1e-3)
    alpha, sigma, d_alpha, d_sigma = coefficients(t)
    gamma = torch.sqrt(METHOD["bridge"] * t * (1 - t))
    d_gamma = 0.5 * METHOD["bridge"] * (1 - 2 * t) / gamma
    x = alpha * data + sigma * noise + gamma * normal
    target = d_alpha * data + d_sigma * noise + d_gamma * normal
    loss = 0
    for prefix, wanted in (("velocity.", target), ("denoiser.", normal)):
        output = network(weights, x, t, prefix)
        loss = loss + (output * (0.5 * output - wanted)).sum(1).mean()
    return loss


def normalizing_flow_loss(weights, draw, round):
    """E [|x(1)|^2/2 + (d/2) ln 2 pi - int div f dt] + lambda E int |f|^2 dt, by an ODE solve (Chen 2018)."""
    data, _ = draw()
    probe = draw_probe(data, METHOD["divergence"])

    def slope(state, t):
        x, *_ = state
        f, trace = velocity_and_trace(weights, x, t, METHOD["divergence"], probe)
        return f, trace, f.square().sum(1)

    zeros = data.new_zeros(len(data))
    x, gained, energy = solve(slope, (data, zeros, zeros), 0.0, 1.0, METHOD["trainingSteps"], "rk4")
    nll = 0.5 * x.square().sum(1) + 0.5 * DIM * math.log(2 * math.pi) - gained
    return (nll + METHOD["kineticPenalty"] * energy).mean()


def coupling_flow_loss(weights, draw, round):
    """E [|x(1)|^2/2 + (d/2) ln 2 pi - ln |det dx(1)/dx(0)|], by the formula of each block (Dinh 2017)."""
    x, gained = draw()[0], 0.0
    for name in block_names():
        x, log_det = pass_block(weights, x, name, 1)
        gained = gained + log_det
    return (0.5 * x.square().sum(1) + 0.5 * DIM * math.log(2 * math.pi) - gained).mean()


def coupling_flow_reverse_loss(weights, draw, round):
    """E_q [ln q(x) + E(x)/T] of its own samples (Noe 2019): ln q is the noise's, less ln |det| of the way from it."""
    noise = draw()[1]
    x, gained = noise, 0.0
    for name in reversed(block_names()):
        x, log_det = pass_block(weights, x, name, -1)
        gained = gained + log_det
    return (energy(x) / TEMPERATURE - gained - 0.5 * noise.square().sum(1)).mean() - 0.5 * DIM * math.log(2 * math.pi)


def normalizing_flow_reverse_loss(weights, draw, round):
    """E_q [ln q(x) + E(x)/T] of its own samples + lambda E int |f|^2 dt, by an ODE solve from the noise: integrals from 1 to 0."""
    noise = draw()[1]
    probe = draw_probe(noise, METHOD["divergence"])

    def slope(state, t):
        x, *_ = state
        f, trace = velocity_and_trace(weights, x, t, METHOD["divergence"], probe)
        return f, trace, f.square().sum(1)

    zeros = noise.new_zeros(len(noise))
    x, gained, way = solve(slope, (noise, zeros, zeros), 1.0, 0.0, METHOD["trainingSteps"], "rk4")
    free = energy(x) / TEMPERATURE - gained - 0.5 * noise.square().sum(1) - 0.5 * DIM * math.log(2 * math.pi)
    return (free - METHOD["kineticPenalty"] * way).mean()


def ot_flow_loss(weights, draw, round):
    """Transport cost, likelihood and the Hamilton-Jacobi-Bellman penalty (Onken 2021, equation (9))."""
    data, _ = draw()

    def slope(state, t):
        x = state[0]
        f, trace = velocity_and_trace(weights, x, t, "exact", None)
        cost = 0.5 * f.square().sum(1)
        return f, trace, cost, (cost - slopes(weights, x, t)[:, DIM]).abs()

    zeros = data.new_zeros(len(data))
    x, gained, cost, penalty = solve(slope, (data, zeros, zeros, zeros), 0.0, 1.0, METHOD["trainingSteps"], "rk4")
    nll = 0.5 * x.square().sum(1) + 0.5 * DIM * math.log(2 * math.pi) - gained
    return (cost + METHOD["likelihoodWeight"] * nll + METHOD["hjbWeight"] * penalty).mean()


def jko_flow_loss(weights, draw, round):
    """The free energy behind one block and the cost of the way there (Xu 2023, equation (9))."""
    data, _ = draw()
    last = METHOD["freeLast"] and round + 1 == METHOD["blocks"]
    h = math.inf if last else min(METHOD["stepSize"] * METHOD["growth"] ** round, METHOD["largestStepSize"])
    state = data, data.new_zeros(len(data))
    for k in range(METHOD["substeps"]):
        probe = draw_probe(data, METHOD["divergence"])

        def slope(state, t, probe=probe):
            return velocity_and_trace(weights, state[0], t, METHOD["divergence"], probe)

        state = solve(slope, state, k / METHOD["substeps"], (k + 1) / METHOD["substeps"], 1, "rk4-38")
    x, gained = state
    energy = 0.5 * x.square().sum(1) + 0.5 * DIM * math.log(2 * math.pi) - gained
    return (energy + (x - data).square().sum(1) / (2 * h)).mean()


def draw_probe(x, kind):
    if kind == "exact":
        return None
    return torch.randn_like(x) if kind != "hutchinson" else torch.randint_like(x, 2) * 2 - 1


def velocity_and_trace(weights, x, t, kind, probe):
    """f(x, t) [n, DIM], and the trace of its Jacobian [n] or an estimate of it, differentiable."""
    if kind == "finite-difference":
        sigma = 0.02 / DIM**0.5
        f = velocity(weights, x, t)
        return f, (probe * (velocity(weights, x + sigma * probe, t) - f)).sum(1) / sigma
    with torch.enable_grad():
        x = x if x.requires_grad else x.detach().requires_grad_()
        f = velocity(weights, x, t)
        if kind != "exact":
            return f, (torch.autograd.grad((f * probe).sum(), x, create_graph=True)[0] * probe).sum(1)
        rows = (torch.autograd.grad(f[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(DIM))
        return f, sum(rows)
