def double_well_energy(x):
    """x^4 - 6 x^2 - x/2 + y^2/2."""
    x, y = x.unbind(1)
    return x**4 - 6 * x**2 - x / 2 + y**2 / 2


def mueller_brown_energy(x):
    """Müller and Brown 1979; the last term is flat where it is beyond anything that is ever reached."""
    x, y = x.unbind(1)
    terms = [
        (-200, -1, 0, -10, 1, 0),
        (-100, -1, 0, -10, 0, 0.5),
        (-170, -6.5, 11, -6.5, -0.5, 1.5),
        (15, 0.7, 0.6, 0.7, -1, 1),
    ]
    forms = [(f, a * (x - u) ** 2 + b * (x - u) * (y - v) + c * (y - v) ** 2) for f, a, b, c, u, v in terms]
    return sum(f * form.clamp(max=30).exp() for f, form in forms)


def four_wells_energy(x):
    """((x^2 - 4)^2 + (y^2 - 4)^2)/2 - x/4 - y/8."""
    x, y = x.unbind(1)
    return ((x**2 - 4) ** 2 + (y**2 - 4) ** 2) / 2 - x / 4 - y / 8


def energy_ring_energy(x):
    """(x^2 + y^2 - 4)^2/2."""
    return (x.square().sum(1) - 4) ** 2 / 2


def phi_four_energy(x):
    """Sites with wells at -1 and 1, a little deeper at 1, and bonds between neighbours."""
    sites = 2 * (x.square() - 1).square() - 0.03 * x
    return sites.sum(1) + 1.5 * (x[:, 1:] - x[:, :-1]).square().sum(1)
