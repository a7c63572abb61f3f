def linear_schedule(t):
    """alpha, sigma and their slopes of x(t) = alpha x(0) + sigma x(1): straight lines."""
    return 1 - t, t, -1.0, 1.0


def linear_smoothed_schedule(t):
    """alpha, sigma and their slopes of x(t) = alpha x(0) + sigma x(1): straight lines to slightly blurred data."""
    return 1 - t, 0.01 + 0.99 * t, -1.0, 0.99


def cosine_schedule(t):
    """alpha, sigma and their slopes of x(t) = alpha x(0) + sigma x(1): a quarter of a circle."""
    angle = 0.5 * math.pi * torch.as_tensor(t)
    return angle.cos(), angle.sin(), -0.5 * math.pi * angle.sin(), 0.5 * math.pi * angle.cos()


def variance_preserving_schedule(t):
    """alpha, sigma and their slopes of x(t) = alpha x(0) + sigma x(1): the diffusion of Song 2021."""
    t = torch.as_tensor(t, dtype=torch.float64)
    beta = 0.1 + 19.9 * t
    integral = 0.1 * t + 9.95 * t * t
    alpha, sigma = torch.exp(-0.5 * integral), torch.sqrt(-torch.expm1(-integral))
    return alpha, sigma, -0.5 * beta * alpha, 0.5 * torch.exp(-integral) * beta / sigma


def coefficients(t):
    """The schedule at times [n, 1]."""
    return [torch.as_tensor(value, dtype=torch.float32) for value in schedule(t)]


def draw_times(n, earliest=0.0):
    """One in each of n equal parts of [earliest, 1]: [n, 1]."""
    shares = (torch.arange(n, device=DEVICE) + torch.rand(n, device=DEVICE)) / n
    return (earliest + (1 - earliest) * shares).unsqueeze(1)
