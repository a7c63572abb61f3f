def train():
    """The weights' moving average at the end, which is what is sampled from."""
    torch.manual_seed(EXPERIMENT["seed"])
    weights, kept, pool = new_weights(), {}, None
    began, step, total = time.monotonic(), 0, BUDGET["steps"]

    def spent():
        seconds = (time.monotonic() - began) / BUDGET["seconds"] if BUDGET.get("seconds") else 0
        return max(step / total, seconds)

    for round in range(ROUNDS):
        if round > 0:
            pool = prepare(kept, weights, round, pool)
            kept |= finished(weights, round - 1)
        weights = {name: value.detach().clone().requires_grad_() for name, value in weights.items()}
        average = {name: value.detach().clone() for name, value in weights.items()}
        optimizer = torch.optim.Adam(weights.values(), betas=(0.9, 0.999), eps=1e-8)
        own = 0
        while spent() * ROUNDS < round + 1:
            share = min(1.0, max(0.0, spent() * ROUNDS - round))
            low, high = OPTIMIZER["finalLearningRate"], OPTIMIZER["learningRate"]
            optimizer.param_groups[0]["lr"] = low + 0.5 * (high - low) * (1 + math.cos(math.pi * share))
            value = loss(weights, lambda: draw(pool), round)
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(weights.values(), OPTIMIZER["clipNorm"])
            optimizer.step()
            step, own = step + 1, own + 1
            decay = min(OPTIMIZER["emaDecay"], (1 + own) / (10 + own))
            with torch.no_grad():
                for name, value_now in weights.items():
                    average[name].lerp_(value_now, 1 - decay)
            if step % 500 == 0:
                print(f"step {step}, loss {value.item():.4f}, {time.monotonic() - began:.0f} s", flush=True)
        weights = average
    return kept | finished(weights, ROUNDS - 1) if kept else weights


def draw(pool):
    """A batch of P and one of Q."""
    n = OPTIMIZER["batch"]
    if pool is None:
        return sample_data(n), sample_noise(n)
    data, noise = pool
    chosen = torch.randint(0, len(data), (n,), device=DEVICE)
    return data[chosen], sample_noise(n) if noise is None else noise[chosen]
