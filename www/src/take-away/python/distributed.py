"""Trains the network of NAME.py on pictures: those of the playground, or of one's own, on as many GPUs and machines as there are.

    pip install torch numpy scipy safetensors pillow
    python distributed.py                                      # one process
    torchrun --nproc-per-node 8 distributed.py --data cifar10.npz --batch 512 --width 128 --depth 3 --bfloat16
    python distributed.py --help

A batch is cut into parts, each of which draws pictures, noise and times of its own, whoever computes it: one process has the losses
of eight, to rounding. Of several parts a process adds up the gradients. What was killed goes on from its last checkpoint.
"""

import argparse
import math
import os
import time
from importlib import import_module
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler

import pictures

flow = import_module("NAME")

parser = argparse.ArgumentParser(description="NAME on many processes")
parser.add_argument("--data", default=flow.HERE / "data.npy", help=".npy, .npz, IDX, or a folder of PNG or JPEG by class")
parser.add_argument("--labels", help="the classes' numbers, where they are in a file of their own")
parser.add_argument("--side", type=int, help="pixels a side that the pictures of a folder are made (32)")
parser.add_argument("--flip", action="store_true", help="show every other picture mirrored")
parser.add_argument("--width", type=int, default=flow.NETWORK["width"], help="features of the finest grid")
parser.add_argument("--depth", type=int, default=flow.NETWORK["depth"], help="residual blocks of each grid's half")
parser.add_argument("--patch", type=int, default=flow.PATCH, help="pixels a side that are one cell of the finest grid")
parser.add_argument("--batch", type=int, default=flow.OPTIMIZER["batch"], help="pictures of a step, of all processes")
parser.add_argument("--part", type=int, default=32, help="pictures of a pass")
parser.add_argument("--steps", type=int, default=flow.BUDGET["steps"])
parser.add_argument("--rate", type=float, default=flow.OPTIMIZER["learningRate"], help="the learning rate at first")
parser.add_argument("--average", type=float, default=flow.OPTIMIZER["emaDecay"], help="the moving average's decay")
parser.add_argument("--bfloat16", action="store_true", help="compute the network in 16 bits, and keep weights in 32")
parser.add_argument("--workers", type=int, default=0, help="processes that read files, for each that trains")
parser.add_argument("--save", type=int, default=1000, help="steps from checkpoint to checkpoint")
parser.add_argument("--report", type=int, default=100, help="steps from line to line")
parser.add_argument("--samples", type=int, default=64, help="pictures to generate at the end")
parser.add_argument("--into", type=Path, default=flow.HERE / "run", help="a folder that all machines see")


class Losses(torch.nn.Module):
    """The weights, and the loss that they have on a part of a batch: what DistributedDataParallel knows how to share."""

    def __init__(self, weights):
        super().__init__()
        self.names, self.values = list(weights), torch.nn.ParameterList(weights.values())

    def weights(self):
        return dict(zip(self.names, self.values))

    def forward(self, data, noise):
        return flow.loss(self.weights(), lambda: (data, noise), 0)


def joined():
    """Which process this is, of how many; one alone if nobody started several."""
    alone = {"RANK": "0", "WORLD_SIZE": "1", "LOCAL_RANK": "0", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "0"}
    for name, value in alone.items():
        os.environ.setdefault(name, value)
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        flow.DEVICE = torch.device("cuda", torch.cuda.current_device())
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    store, rank, world = next(dist.rendezvous("env://"))
    # Started again, nobody must meet the addresses of those that died.
    store = dist.PrefixStore(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"), store)
    dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo", store=store, rank=rank, world_size=world)
    return rank, world


def fitted(data, chosen):
    """The network that suits these pictures, as large as it is asked to be."""
    side, _, colors = np.shape(data[0][0])
    flow.SIDE, flow.DIM, flow.PATCH = side, side * side * colors, chosen.patch
    flow.NETWORK |= {"width": chosen.width, "depth": chosen.depth}
    flow.OPTIMIZER |= {"batch": chosen.part}
    if side % (2 * chosen.patch) > 0:
        raise SystemExit(f"Pictures are {side} pixels wide; a multiple of {2 * chosen.patch}, twice --patch, is needed.")
    if hasattr(flow, "CLASSES"):
        flow.CLASSES, flow.BESIDE = list(data.classes), ("jumps" in flow.METHOD) + len(data.classes) + 1


def parts_of_batches(data, part, parts, step, chosen):
    """From this step on, epoch after epoch, each in an order of its own."""
    sampler = DistributedSampler(data, parts, part, seed=flow.EXPERIMENT["seed"], drop_last=True)
    each, pinned = len(sampler) // chosen.part, flow.DEVICE.type == "cuda"
    if each == 0:
        raise SystemExit(f"There are {len(data)} pictures; a batch of {chosen.batch} needs as many.")
    while True:
        epoch, done = divmod(step, each)
        sampler.set_epoch(epoch)
        order = list(sampler)[done * chosen.part : each * chosen.part]
        for batch in DataLoader(data, chosen.part, sampler=order, num_workers=chosen.workers, pin_memory=pinned):
            yield batch
            step += 1


def drawn(batch, seed, chosen):
    """Data and noise, by numbers that only depend on the seed; the network is told their classes, if it is told any."""
    torch.manual_seed(seed)
    data, numbers = (each.to(flow.DEVICE, non_blocking=True) for each in batch)
    if chosen.flip:
        mirrored = torch.rand(len(data), 1, 1, 1, device=flow.DEVICE) < 0.5
        data = torch.where(mirrored, data.flip(2), data)
    if hasattr(flow, "CLASSES"):
        hidden = torch.rand(len(data), device=flow.DEVICE) < flow.EXPERIMENT["condition"]["drop"]
        flow.LABELS[0], flow.TOLD[0] = numbers, torch.where(hidden, len(flow.CLASSES), numbers)
    return pictures.spread(data), flow.sample_noise(len(data))


class Training:
    """All that changes while training, which is what a checkpoint holds."""

    def __init__(self, chosen):
        torch.manual_seed(flow.EXPERIMENT["seed"])
        self.chosen, self.step, self.file = chosen, 0, chosen.into / "checkpoint.pt"
        self.losses = Losses(flow.new_weights()).to(flow.DEVICE)
        self.average = {name: value.detach().clone() for name, value in self.losses.weights().items()}
        self.optimizer = torch.optim.Adam(self.losses.parameters(), lr=chosen.rate)
        if self.file.exists():
            kept = torch.load(self.file, map_location="cpu")
            self.losses.load_state_dict(kept["losses"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.average = {name: value.to(flow.DEVICE) for name, value in kept["average"].items()}
            self.step = kept["step"]

    def save(self):
        """In place of the last one at once, so that there is always a whole one."""
        states = {"losses": self.losses.state_dict(), "optimizer": self.optimizer.state_dict()}
        partial = self.file.with_suffix(".partial")
        torch.save(states | {"average": self.average, "step": self.step}, partial)
        os.replace(partial, self.file)

    def update(self):
        """A step along the gradients, and of the average."""
        low, high, share = flow.OPTIMIZER["finalLearningRate"], self.chosen.rate, self.step / self.chosen.steps
        self.optimizer.param_groups[0]["lr"] = low + 0.5 * (high - low) * (1 + math.cos(math.pi * share))
        torch.nn.utils.clip_grad_norm_(self.losses.parameters(), flow.OPTIMIZER["clipNorm"])
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        decay = min(self.chosen.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), list(self.losses.parameters()), 1 - decay)


def train(training, data, rank, world):
    chosen = training.chosen
    parts = chosen.batch // chosen.part
    if parts * chosen.part != chosen.batch or parts % world > 0:
        raise SystemExit(f"--batch {chosen.batch} is {world} processes' if it is a multiple of {world} x --part {chosen.part}.")
    mine = range(rank, parts, world)
    loaded = [parts_of_batches(data, part, parts, training.step, chosen) for part in mine]
    shared = DistributedDataParallel(training.losses)
    began = time.monotonic()
    while training.step < chosen.steps:
        total = torch.zeros((), device=flow.DEVICE)
        for part, batches in zip(mine, loaded):
            ends = drawn(next(batches), hash((flow.EXPERIMENT["seed"], training.step, part)) % 2**63, chosen)
            # Gradients travel once a step, with the last part's.
            shared.require_backward_grad_sync = part == mine[-1]
            with torch.autocast(flow.DEVICE.type, torch.bfloat16, enabled=chosen.bfloat16):
                loss = shared(*ends) / len(mine)
            loss.backward()
            total += loss.detach()
        training.update()
        if training.step % chosen.report == 0 or training.step == chosen.steps:
            dist.all_reduce(total)
            if rank == 0:
                print(f"step {training.step}, loss {total / world:.6f}, {time.monotonic() - began:.0f} s", flush=True)
        if rank == 0 and (training.step % chosen.save == 0 or training.step == chosen.steps):
            training.save()


def generate(weights, rank, world, chosen):
    """Each process its share, into a file of bytes [n, side, side, colors]; the first few on a sheet."""
    torch.manual_seed(flow.EXPERIMENT["seed"] + rank)
    counts = [len(share) for share in torch.arange(len(range(rank, chosen.samples, world))).split(256)]
    points = torch.cat([flow.generate(weights, flow.sample_noise(count)) for count in counts])
    levels = (128 * (points.cpu() + 1)).clamp(0, 255).byte().numpy().reshape(len(points), flow.SIDE, flow.SIDE, -1)
    np.save(chosen.into / f"samples-{rank}.npy", levels)
    if rank == 0 and len(levels) > 0:
        pictures.sheet(levels[:100], chosen.into / "samples.png")


def main():
    chosen = parser.parse_args()
    rank, world = joined()
    beside = flow.HERE / "labels.npy"
    own = chosen.data == parser.get_default("data") and beside.exists()
    data = pictures.read(chosen.data, chosen.side, beside if own else chosen.labels)
    fitted(data, chosen)
    chosen.into.mkdir(parents=True, exist_ok=True)
    training = Training(chosen)
    print(f"process {rank} of {world} is {os.getpid()}, on {flow.DEVICE}, from step {training.step}", flush=True)
    train(training, data, rank, world)
    if rank == 0:
        save_file({name: value.contiguous() for name, value in training.average.items()}, chosen.into / "weights.safetensors")
    generate(training.average, rank, world, chosen)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
