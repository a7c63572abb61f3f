"""What a notebook gives: the benchmark's work in JAX on the CPU, compiled, on one thread. Prints milliseconds as JSON.

    pip install jax==0.10.0 && python jax_native.py
"""

import json
import os
import statistics
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import jax
import jax.numpy as jnp

ROUNDS = 7


def initial(key, width, depth=3, dim=2):
    sizes = [dim + 1] + [width] * depth + [dim]
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        key, of_weight, of_bias = jax.random.split(key, 3)
        bound = inputs**-0.5
        weight = jax.random.uniform(of_weight, (inputs, outputs), minval=-bound, maxval=bound)
        layers.append((weight, jax.random.uniform(of_bias, (outputs,), minval=-bound, maxval=bound)))
    return layers


def network(layers, x, t):
    hidden = jnp.concatenate([x, jnp.broadcast_to(t, (x.shape[0], 1))], axis=1)
    for weight, bias in layers[:-1]:
        hidden = jax.nn.silu(hidden @ weight + bias)
    weight, bias = layers[-1]
    return hidden @ weight + bias


def adam(loss):
    """One step of Adam on `loss(layers, *batch)`."""

    def step(state, *batch):
        layers, first, second, count = state
        value, gradient = jax.value_and_grad(loss)(layers, *batch)
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)

        def moved(w, m, v):
            return w - 2e-3 * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8)

        return (jax.tree.map(moved, layers, first, second), first, second, count), value

    return jax.jit(step)


def flow_matching(layers, data, noise, t):
    position = (1 - t) * data + t * noise
    return jnp.mean(jnp.sum((network(layers, position, t) - (noise - data)) ** 2, axis=1))


def velocity_and_trace(layers, x, t):
    def along(k):
        tangent = jnp.zeros_like(x).at[:, k].set(1.0)
        velocity, product = jax.jvp(lambda x: network(layers, x, t), (x,), (tangent,))
        return velocity, product[:, k]

    parts = [along(k) for k in range(x.shape[1])]
    return parts[0][0], sum(diagonal for _, diagonal in parts)


def augmented(layers, x, steps):
    """RK4 from t = 0 to 1 of the position, ∫ div f dt and ∫ |f|² dt."""
    h = 1.0 / steps

    def rhs(x, t):
        velocity, trace = velocity_and_trace(layers, x, t)
        return velocity, trace, jnp.sum(velocity**2, axis=1)

    def step(state, i):
        x, gained, energy = state
        t = i * h
        k1 = rhs(x, t)
        k2 = rhs(x + h / 2 * k1[0], t + h / 2)
        k3 = rhs(x + h / 2 * k2[0], t + h / 2)
        k4 = rhs(x + h * k3[0], t + h)
        moved = [h / 6 * (a + 2 * b + 2 * c + d) for a, b, c, d in zip(k1, k2, k3, k4)]
        return (x + moved[0], gained + moved[1], energy + moved[2]), None

    zeros = jnp.zeros(x.shape[0])
    return jax.lax.scan(step, (x, zeros, zeros), jnp.arange(steps, dtype=jnp.float32))[0]


def normalizing_flow(layers, data):
    x, gained, energy = augmented(layers, data, 8)
    return jnp.mean(jnp.sum(x**2, axis=1) / 2 + 1.8378770664 - gained + 0.05 * energy)


def sample(layers, noise):
    def step(x, i):
        return x - 0.01 * network(layers, x, 1 - 0.01 * i), None

    return jax.lax.scan(step, noise, jnp.arange(100, dtype=jnp.float32))[0]


def milliseconds(work, repeats):
    """The median of rounds of the mean of repeats, after one round to compile and warm up."""
    rounds = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        for _ in range(repeats):
            result = work()
        jax.block_until_ready(result)
        rounds.append(1e3 * (time.perf_counter() - start) / repeats)
    return statistics.median(rounds[1:])


def training(loss, batch, width):
    key = jax.random.key(7)
    layers = initial(key, width)
    zeros = jax.tree.map(jnp.zeros_like, layers)
    step, state = adam(loss), [(layers, zeros, zeros, 0.0)]

    def work():
        state[0], value = step(state[0], *batch)
        return value

    return work


def main():
    keys = jax.random.split(jax.random.key(1), 3)
    points = lambda key, n: jax.random.normal(key, (n, 2))
    batch = lambda n: (points(keys[0], n), points(keys[1], n), jax.random.uniform(keys[2], (n, 1)))
    layers = initial(keys[0], 64)
    sampling = jax.jit(sample)
    density = jax.jit(lambda layers, x: augmented(layers, x, 20)[1])
    figures = {
        "flow-matching step, H = 64, batch 256": milliseconds(training(flow_matching, batch(256), 64), 200),
        "flow-matching step, H = 128, batch 1024": milliseconds(training(flow_matching, batch(1024), 128), 20),
        "sampling 4096 x 100 Euler, H = 64": milliseconds(lambda: sampling(layers, points(keys[1], 4096)), 1),
        "log-density on 128 x 128, RK4 20 steps": milliseconds(lambda: density(layers, points(keys[1], 16384)), 1),
        "normalizing-flow step, RK4 8 steps, batch 256": milliseconds(training(normalizing_flow, batch(256)[:1], 64), 5),
    }
    json.dump({"jax": jax.__version__, "milliseconds": figures}, sys.stdout, indent=2)
    print()


main()
