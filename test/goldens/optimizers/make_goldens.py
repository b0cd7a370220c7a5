"""Makes optimizers.json and schedules.json: what torch's optimizers and transformers' schedules do, in float64.

Usage: python make_goldens.py   (needs numpy, torch and transformers; writes beside itself)

Three small problems, 100 steps each, sampled at a few steps. problems.ts computes the same gradients. Parameters whose name ends with
"bias" are in a group without weight decay.
"""

import json
import math
import pathlib

import numpy
import torch
import transformers

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
SAMPLED = [1, 2, 3, 10, 50, 100]
FOLDER = pathlib.Path(__file__).parent
random = numpy.random.default_rng(20)


def rounded(shape, scale=1.0):
    return numpy.round(random.standard_normal(shape) * scale, 4)


def quadratic():
    curvature = numpy.round(numpy.logspace(-3, 1, 8), 6)
    data = {"curvature": curvature.tolist()}
    start = {"x": rounded(8)}
    return data, start, lambda p: 0.5 * (torch.tensor(curvature) * p["x"] ** 2).sum()


def logistic():
    x, y = rounded((12, 5)), random.integers(0, 2, 12)
    start = {"weight": rounded(5, 0.1), "bias": rounded(1, 0.1)}

    def loss(p):
        logits = torch.tensor(x) @ p["weight"] + p["bias"]
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(y, dtype=torch.float64))

    return {"x": x.tolist(), "y": y.tolist()}, start, loss


def network():
    x, y = rounded((10, 3)), rounded(10)
    start = {
        "hidden.weight": rounded((4, 3), 0.5),
        "hidden.bias": rounded(4, 0.1),
        "output.weight": rounded(4, 0.5),
        "output.bias": rounded(1, 0.1),
    }

    def loss(p):
        hidden = torch.tanh(torch.tensor(x) @ p["hidden.weight"].T + p["hidden.bias"])
        return ((hidden @ p["output.weight"] + p["output.bias"] - torch.tensor(y)) ** 2).mean()

    return {"x": x.tolist(), "y": y.tolist()}, start, loss


PROBLEMS = {"quadratic": quadratic(), "logistic": logistic(), "network": network()}

SETTINGS = [
    ("sgd", {"learning_rate": 0.02, "momentum": 0.0}),
    ("sgd", {"learning_rate": 0.02, "momentum": 0.9}),
    ("sgd", {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.8, "dampening": 0.5, "weight_decay": 0.1}),
    ("adam", {"learning_rate": 0.01}),
    ("adam", {"learning_rate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "weight_decay": 0.1}),
    ("adamw", {"learning_rate": 0.01}),
    ("adamw", {"learning_rate": 0.05, "beta1": 0.0, "beta2": 0.98, "epsilon": 1e-6, "weight_decay": 0.3}),
    ("adamw", {"learning_rate": 0.02, "weight_decay": 0.0}),
    ("rmsprop", {"learning_rate": 0.01}),
    ("rmsprop", {"learning_rate": 0.01, "alpha": 0.9, "epsilon": 1e-5, "momentum": 0.9, "weight_decay": 0.05}),
    ("rmsprop", {"learning_rate": 0.005, "alpha": 0.95, "epsilon": 1e-3, "centered": True}),
    ("rmsprop", {"learning_rate": 0.005, "alpha": 0.9, "epsilon": 1e-2, "centered": True, "momentum": 0.5, "weight_decay": 0.01}),
]
CLASSES = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop}


def torch_optimizer(name, hyper, parameters):
    hyper = dict(hyper)
    decay = hyper.pop("weight_decay", 0.01 if name == "adamw" else 0.0)
    options = {"lr": hyper.pop("learning_rate"), "foreach": False}
    if name in ("adam", "adamw"):
        options["betas"] = (hyper.pop("beta1", 0.9), hyper.pop("beta2", 0.999))
    if "epsilon" in hyper:
        options["eps"] = hyper.pop("epsilon")
    groups = [
        {"params": [p for n, p in parameters.items() if n.endswith("bias") == bias], "weight_decay": 0.0 if bias else decay}
        for bias in (False, True)
    ]
    return CLASSES[name]([group for group in groups if group["params"]], **options, **hyper)


def run(name, hyper, problem):
    _, start, loss = PROBLEMS[problem]
    parameters = {n: torch.tensor(v, requires_grad=True) for n, v in start.items()}
    optimizer = torch_optimizer(name, hyper, parameters)
    samples = {}
    for step in range(1, max(SAMPLED) + 1):
        optimizer.zero_grad()
        loss(parameters).backward()
        optimizer.step()
        if step in SAMPLED:
            samples[step] = {n: p.detach().flatten().tolist() for n, p in parameters.items()}
    return {"optimizer": name, "hyperparameters": hyper, "problem": problem, "samples": samples}


def schedule(name, total, warmup_steps=None, warmup_ratio=None):
    """The learning rate of each optimizer step, as transformers' Trainer uses it: read before the step, then the scheduler moves on."""
    warmup = warmup_steps if warmup_steps is not None else math.ceil(total * (warmup_ratio or 0))
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = transformers.get_scheduler("constant_with_warmup" if name == "constant" else name, optimizer, warmup, total)
    factors = []
    for _ in range(total):
        factors.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    chosen = {"warmupSteps": warmup_steps, "warmupRatio": warmup_ratio}
    return {"schedule": {"name": name, **{k: v for k, v in chosen.items() if v is not None}}, "warmupSteps": warmup, "factors": factors}


def write(name, value):
    text = json.dumps(value, separators=(",", ":"))
    for first in ('{"optimizer"', '{"schedule"'):
        text = text.replace(first, "\n" + first)
    (FOLDER / name).write_text(text + "\n")


versions = {"torch": torch.__version__, "transformers": transformers.__version__, "numpy": numpy.__version__}
write(
    "optimizers.json",
    {
        "versions": versions,
        "problems": {
            n: {"data": data, "start": {k: v.flatten().tolist() for k, v in start.items()}} for n, (data, start, _) in PROBLEMS.items()
        },
        "runs": [run(name, hyper, problem) for name, hyper in SETTINGS for problem in PROBLEMS],
    },
)
cases = [{}, {"warmup_steps": 3}, {"warmup_steps": 0, "warmup_ratio": 0.5}, {"warmup_ratio": 0.1}, {"warmup_ratio": 0.34}, {"warmup_ratio": 1.0}]
write(
    "schedules.json",
    {
        "versions": versions,
        "runs": [schedule(n, total, **case) for n in ("constant", "linear", "cosine") for total in (1, 7, 20) for case in cases],
    },
)
