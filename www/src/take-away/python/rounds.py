def none_prepare(kept, weights, round, pool):
    return None


def none_finished(weights, round):
    return {}


def reflow_prepare(kept, weights, round, pool):
    """Pairs of noise and what the flow so far makes of it."""
    noise = sample_noise(METHOD["pairs"])
    return carry(weights, noise, 1.0, 0.0, METHOD["pairSteps"], "rk4"), noise


def jko_prepare(kept, weights, round, pool):
    """Data carried through the block just trained."""
    data = sample_data(METHOD["pool"]) if pool is None else pool[0]
    return carry(weights, data, 0.0, 1.0, 2 * METHOD["substeps"], "rk4-38"), None


def jko_finished(weights, round):
    """A block under its number."""
    return {f"block.{round}.{name}": value for name, value in weights.items()}
