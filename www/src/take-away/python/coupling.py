def block_names():
    """The blocks in the order of their time: layers, in Glow each behind its mixing; NICE's scaling comes last."""
    layers = [f"coupling.{i}" for i in range(METHOD["layers"])]
    if METHOD["maps"] == "glow":
        return [name for i, layer in enumerate(layers) for name in (f"mixing.{i}", layer)]
    return [*layers, "scaling"] if METHOD["maps"] == "nice" else layers


def num_blocks(weights):
    return len(block_names())


def moving_places(name):
    """The half of the coordinates that moves in a layer, in a ring behind the one of the layer before."""
    half, layer = DIM // 2, int(name.split(".")[1])
    return [(layer * half + i) % DIM for i in range(half)]
