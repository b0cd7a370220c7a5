"""The peers of bench:optimizers: torch's optimizers, and other libraries' where torch has none, on the tensors of MiniLM.

Usage: torch_optimizers.py THREADS SHAPES, SHAPES as JSON. Answers each line "NAME HOW COUNT" on standard input with a JSON list of the seconds of
COUNT steps; HOW is fused, foreach or plain (what the class does by itself).
"""

import json
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))


def torch_optimizer(name, **options):
    return lambda: (getattr(torch.optim, name), options)


def library(module, name, **options):
    def find():
        __import__(module)
        return getattr(sys.modules[module], name), options

    return find


DECAY = {"weight_decay": 0.01}
PEERS = {
    "sgd": torch_optimizer("SGD", momentum=0.9),
    "adam": torch_optimizer("Adam"),
    "amsgrad": torch_optimizer("Adam", amsgrad=True),
    "adamw": torch_optimizer("AdamW"),
    "adagrad": torch_optimizer("Adagrad"),
    "rmsprop": torch_optimizer("RMSprop"),
    "nadam": torch_optimizer("NAdam"),
    "nadamw": torch_optimizer("NAdam", decoupled_weight_decay=True, **DECAY),
    "radam": torch_optimizer("RAdam"),
    "adadelta": torch_optimizer("Adadelta"),
    "adamax": torch_optimizer("Adamax"),
    "asgd": torch_optimizer("ASGD"),
    "rprop": torch_optimizer("Rprop"),
    "lamb": library("timm.optim", "Lamb", max_grad_norm=None, **DECAY),
    "lars": library("timm.optim", "Lars", momentum=0.9, **DECAY),
    "lion": library("timm.optim", "Lion", **DECAY),
    "cautious-lion": library("timm.optim", "Lion", caution=True, **DECAY),
    "cautious-adamw": library("timm.optim", "AdamWLegacy", caution=True, **DECAY),
    "novograd": library("timm.optim", "NvNovoGrad", **DECAY),
    "adan": library("timm.optim", "Adan", **DECAY),
    "adopt": library("timm.optim", "Adopt", **DECAY),
    "mars-adamw": library("timm.optim", "Mars", **DECAY),
    "laprop": library("timm.optim", "LaProp", **DECAY),
    "adabelief": library("pytorch_optimizer", "AdaBelief", **DECAY),
    "adabound": library("pytorch_optimizer", "AdaBound"),
    "amsbound": library("pytorch_optimizer", "AdaBound", ams_bound=True),
    "signum": library("pytorch_optimizer", "SignSGD", momentum=0.9),
    "yogi": library("pytorch_optimizer", "Yogi"),
    "ademamix": library("pytorch_optimizer", "AdEMAMix", **DECAY),
    "prodigy": library("prodigyopt", "Prodigy"),
    "dadapt-adam": library("dadaptation", "DAdaptAdam"),
    "schedule-free-adamw": library("schedulefree", "AdamWScheduleFree"),
    "schedule-free-sgd": library("schedulefree", "SGDScheduleFree"),
    "stable-adamw": library("optimi", "StableAdamW", lr=1e-5, triton=False),
}
LEARNING_RATE = 1e-5


def parameters():
    generator = torch.Generator().manual_seed(1)
    made = []
    for shape in json.loads(sys.argv[2]):
        tensor = torch.nn.Parameter(torch.randn(shape, generator=generator) * 0.05)
        tensor.grad = torch.randn(shape, generator=generator) * 1e-3
        made.append(tensor)
    return made


PARAMETERS = parameters()
# The one in use: others' states would take gigabytes.
current = {}


def optimizer(name, how):
    if current.get("key") != (name, how):
        current.clear()
        make, options = PEERS[name]()
        options = {"lr": LEARNING_RATE, **options}
        if how != "plain":
            options |= {"foreach": how == "foreach", **({"fused": True} if how == "fused" else {})}
        # Biases and norms do not decay, here as there.
        decayed = [tensor for tensor in PARAMETERS if tensor.ndim > 1]
        others = [tensor for tensor in PARAMETERS if tensor.ndim == 1]
        groups = [{"params": decayed}, {"params": others, "weight_decay": 0.0}] if "weight_decay" in options else PARAMETERS
        made = make(groups, **options)
        if hasattr(made, "train"):
            made.train()
        current.update(key=(name, how), optimizer=made)
    return current["optimizer"]


def main():
    print(json.dumps({"torch": torch.__version__, "peers": list(PEERS)}), flush=True)
    for line in sys.stdin:
        name, how, count = line.split()
        step = optimizer(name, how).step
        seconds = []
        for _ in range(int(count)):
            start = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - start)
        print(json.dumps(seconds), flush=True)


main()
