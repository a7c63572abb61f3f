def gaussian(n):
    """N(0, I)."""
    return torch.randn(n, DIM, device=DEVICE)


def bimodal(n):
    """0.3 N(-2, 1/4) + 0.7 N(1, 1), of one coordinate."""
    lower, normal = torch.rand(n, 1, device=DEVICE) < 0.3, torch.randn(n, 1, device=DEVICE)
    return torch.where(lower, 0.5 * normal - 2, normal + 1)


def moons(n):
    """Two interleaved half circles with noise 0.1, times 2, moved by (-1, -0.2)."""
    upper, angle = torch.rand(n, device=DEVICE) < 0.5, math.pi * torch.rand(n, device=DEVICE)
    x = torch.where(upper, angle.cos(), 1 - angle.cos())
    y = torch.where(upper, angle.sin(), 0.5 - angle.sin())
    points = torch.stack([x, y], 1) + 0.1 * torch.randn(n, 2, device=DEVICE)
    return 2 * points - torch.tensor([1.0, 0.2], device=DEVICE)


def two_spirals(n):
    """Two spirals of three half turns."""
    angle = 3 * math.pi * torch.rand(n, device=DEVICE).sqrt()
    along = torch.stack([-angle.cos() * angle, angle.sin() * angle], 1) + 0.5 * torch.rand(n, 2, device=DEVICE)
    sign = torch.randint(0, 2, (n, 1), device=DEVICE) * 2 - 1
    return sign * along / 3 + 0.1 * torch.randn(n, 2, device=DEVICE)


def checkerboard(n):
    """Uniform on eight squares of side 2."""
    x = 4 * torch.rand(n, device=DEVICE) - 2
    row = torch.rand(n, device=DEVICE) - 2 * torch.randint(0, 2, (n,), device=DEVICE)
    return 2 * torch.stack([x, row + x.floor() % 2], 1)


def pinwheel(n):
    """Five arms, bent the more the farther out."""
    arm = torch.randint(0, 5, (n,), device=DEVICE)
    radial, tangential = 1 + 0.3 * torch.randn(n, device=DEVICE), 0.1 * torch.randn(n, device=DEVICE)
    angle = 2 * math.pi * arm / 5 + 0.25 * radial.exp()
    cos, sin = angle.cos(), angle.sin()
    return 2 * torch.stack([radial * cos + tangential * sin, tangential * cos - radial * sin], 1)


def swiss_roll(n):
    """A band rolled up one turn and a half, with noise 1, divided by 5."""
    angle = 1.5 * math.pi * (1 + 2 * torch.rand(n, device=DEVICE))
    along = angle.unsqueeze(1) * torch.stack([angle.cos(), angle.sin()], 1)
    return (along + torch.randn(n, 2, device=DEVICE)) / 5


def line(n):
    """The diagonal from (-2.5, -2.5) to (2.5, 2.5)."""
    return (5 * torch.rand(n, 1, device=DEVICE) - 2.5).expand(n, 2)


def cosine(n):
    """y = 2.5 sin x."""
    x = 5 * torch.rand(n, device=DEVICE) - 2.5
    return torch.stack([x, 2.5 * x.sin()], 1)


def points_from_file(name):
    """Draws from the points in a file, with replacement, in the model's units."""
    points = (np.load(HERE / name).astype(np.float64) - CENTER) / SCALE
    points = torch.as_tensor(points.astype(np.float32), device=DEVICE)
    return lambda n: points[torch.randint(0, len(points), (n,), device=DEVICE)]
