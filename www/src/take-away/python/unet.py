def grid_blocks():
    """The features of each residual block: some on a fine grid of cells, twice as many with twice the features on one half as fine, and as
    many as before on the fine one again."""
    width, depth = NETWORK["width"], NETWORK["depth"]
    return [width] * depth + [2 * width] * (2 * depth) + [width] * depth


SIDE = math.isqrt(DIM) if math.isqrt(DIM) ** 2 == DIM else math.isqrt(DIM // 3)
PATCH = NETWORK.get("patch") or (1 if SIDE <= 8 else 2)
FREQUENCIES = 16
# A GPU's convolutions in 32 bits too.
torch.backends.cudnn.allow_tf32 = False
# Columns that the blocks are told beside the time: how far to jump, the class.
BESIDE = ("jumps" in METHOD) + (len(globals()["CLASSES"]) + 1 if "CLASSES" in globals() else 0)


def new_network(prefix=""):
    """Initial weights by name; matrices are [inputs, outputs], a convolution's inputs cell by cell."""
    weights, width, depth = {}, NETWORK["width"], NETWORK["depth"]
    cell = PATCH * PATCH * (DIM // SIDE**2)

    def layer(name, inputs, outputs, size=1.0):
        bound = inputs**-0.5
        weights[f"{prefix}{name}.weight"] = uniform(size * bound, inputs, outputs)
        weights[f"{prefix}{name}.bias"] = uniform(size * bound, 1, outputs)

    layer("input", 9 * cell, width)
    for i, features in enumerate(grid_blocks()):
        if i == depth:
            layer("down", 4 * width, 2 * width)
        if i == 3 * depth:
            layer("up", 2 * width, width)
        layer(f"residual.{i}.first", 9 * features, features)
        told = 2 * FREQUENCIES + BESIDE
        weights[f"{prefix}residual.{i}.context.weight"] = uniform(told**-0.5, told, features)
        layer(f"residual.{i}.second", 9 * features, features)
    layer("output", 9 * width, cell, 0.1)
    return weights


def uniform(bound, *size):
    return torch.empty(*size, device=DEVICE).uniform_(-bound, bound)


def merged(x, patch):
    """Squares of cells [n, s, s, c] as one cell each."""
    n, side, _, features = x.shape
    x = x.reshape(n, side // patch, patch, side // patch, patch, features)
    return x.transpose(2, 3).reshape(n, side // patch, side // patch, -1)


def split(x, patch):
    """The inverse of merged."""
    n, side, _, features = x.shape
    x = x.reshape(n, side, side, patch, patch, features // patch**2)
    return x.transpose(2, 3).reshape(n, side * patch, side * patch, -1)


def normalized(x):
    """silu of features over their root mean square, of each picture alone."""
    return torch.nn.functional.silu(x / (x.square().mean((1, 2, 3), keepdim=True) + 1e-5).sqrt())


def network(weights, x, t, prefix="", told=None):
    """The U-Net at pictures x [n, DIM] and t, a number or [n, 1], told more [n, _] where it is: [n, DIM]."""
    depth = NETWORK["depth"]

    def layer(name, x):
        return x @ weights[f"{prefix}{name}.weight"] + weights[f"{prefix}{name}.bias"]

    def convolution(name, x):
        """Of each cell with its eight neighbours, zeros where there are none."""
        kernel = weights[f"{prefix}{name}.weight"].unflatten(0, (3, 3, -1)).permute(3, 2, 0, 1)
        bias = weights[f"{prefix}{name}.bias"].flatten()
        return torch.nn.functional.conv2d(x.permute(0, 3, 1, 2), kernel, bias, padding=1).permute(0, 2, 3, 1)

    t = torch.as_tensor(t, dtype=x.dtype, device=x.device).expand(len(x), 1)
    angles = t * 200.0 ** torch.linspace(0, 1, FREQUENCIES, dtype=torch.float64, device=x.device).to(x.dtype)
    heard = torch.cat([angles.sin(), angles.cos()] + ([] if told is None else [told]), 1)
    h = convolution("input", merged(x.reshape(len(x), SIDE, SIDE, -1), PATCH))
    for i in range(4 * depth):
        if i == depth:
            skipped, h = h, layer("down", merged(h, 2))
        if i == 3 * depth:
            h = skipped + split(layer("up", h).repeat(1, 1, 1, 4), 2)
        y = convolution(f"residual.{i}.first", normalized(h))
        y = y + (heard @ weights[f"{prefix}residual.{i}.context.weight"])[:, None, None]
        h = h + convolution(f"residual.{i}.second", normalized(y))
    return split(convolution("output", h), PATCH).reshape(len(x), DIM)
