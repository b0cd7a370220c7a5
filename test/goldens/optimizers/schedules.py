"""What transformers' schedules, torch's OneCycleLR and ReduceLROnPlateau do, in our option names.

`factors` are what the peak learning rate is multiplied with, by optimizer step from the first: read before the step, then the scheduler
moves on.
"""

import math

import torch
import transformers

TOTALS = (1, 7, 20)
WARMUPS = [
    {},
    {"warmupSteps": 3},
    {"warmupSteps": 0, "warmupRatio": 0.5},
    {"warmupRatio": 0.1},
    {"warmupRatio": 0.34},
    {"warmupRatio": 1.0},
]
FEW = [{}, {"warmupSteps": 3}, {"warmupRatio": 0.34}]


def resolved(chosen, total):
    return chosen["warmupSteps"] if "warmupSteps" in chosen else math.ceil(total * chosen.get("warmupRatio", 0))


def one_parameter():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)


def factors_of(scheduler, optimizer, total):
    factors = []
    for done in range(total):
        factors.append(float(scheduler.get_last_lr()[0]))
        if done + 1 < total:
            optimizer.step()
            scheduler.step()
    return factors


def by_transformers(name, total, chosen, **options):
    """name: transformers' own, but our "constant" is their "constant_with_warmup"."""
    warmup, optimizer = resolved(chosen, total), one_parameter()
    theirs = "constant_with_warmup" if name == "constant" else name
    scheduler = transformers.get_scheduler(theirs, optimizer, warmup, total, scheduler_specific_kwargs=options or None)
    return warmup, factors_of(scheduler, optimizer, total)


# ours to transformers' argument names
NAMES = {
    "cosine": {"cycles": "num_cycles"},
    "constant": {},
    "linear": {},
    "cosine_with_restarts": {"cycles": "num_cycles"},
    "polynomial": {"power": "power", "finalFactor": "lr_end"},
    "inverse_sqrt": {"timescale": "timescale"},
    "cosine_with_min_lr": {"cycles": "num_cycles", "finalFactor": "min_lr_rate"},
    "warmup_stable_decay": {
        "decaySteps": "num_decay_steps",
        "warmupType": "warmup_type",
        "decayType": "decay_type",
        "finalFactor": "min_lr_ratio",
        "cycles": "num_cycles",
    },
}


def transformers_run(name, total, chosen):
    options = {NAMES[name][key]: value for key, value in chosen.items() if key not in ("warmupSteps", "warmupRatio")}
    warmup, factors = by_transformers(name, total, chosen, **options)
    return {"schedule": {"name": name, **chosen}, "warmupSteps": warmup, "factors": factors}


def one_cycle(total, chosen):
    """pct_start is the whole number of warm-up steps over the total; the peak is at step warmupSteps, counted from 1."""
    warmup, optimizer = resolved(chosen, total), one_parameter()
    initial, final = chosen.get("initialFactor", 0.04), chosen.get("finalFactor", 4e-6)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=1.0,
        total_steps=total,
        pct_start=warmup / total,
        anneal_strategy={"cosine": "cos", "linear": "linear"}[chosen.get("decayType", "cosine")],
        cycle_momentum=False,
        div_factor=1 / initial,
        final_div_factor=initial / final,
    )
    return {"schedule": {"name": "one_cycle", **chosen}, "warmupSteps": warmup, "factors": factors_of(scheduler, optimizer, total)}


METRICS = [1.0, 0.9, 0.8, 0.79995, 0.81, 0.8, 0.79994, 0.7, 0.71, 0.705, 0.72, 0.7]
METRICS += [0.69, 0.6999, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.5, 0.5, 0.5, 0.5]


def reduce_on_plateau(chosen):
    """`factors[i]` is what holds after `metrics[i]` was seen; before the first metric it is 1."""
    optimizer = one_parameter()
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer,
        mode=chosen.get("mode", "min"),
        factor=chosen.get("reductionFactor", 0.1),
        patience=chosen.get("patience", 10),
        threshold=chosen.get("threshold", 1e-4),
        threshold_mode={"relative": "rel", "absolute": "abs"}[chosen.get("thresholdMode", "relative")],
        cooldown=chosen.get("cooldown", 0),
        min_lr=chosen.get("finalFactor", 0.0),
        # torch skips reductions of less than eps, an absolute learning rate: ours are factors
        eps=0.0,
    )
    metrics = [round(1.5 - m, 6) for m in METRICS] if chosen.get("mode") == "max" else METRICS
    factors = []
    for metric in metrics:
        scheduler.step(metric)
        factors.append(float(optimizer.param_groups[0]["lr"]))
    return {"schedule": {"name": "reduce_on_plateau", **chosen}, "metrics": metrics, "factors": factors}


def warmed_up():
    """The schedule of the optimizers' runs: from 0 at the first step up to 1 at the eleventh, then down to a tenth."""
    return transformers_run("polynomial", 100, {"warmupSteps": 10, "power": 1.0, "finalFactor": 0.1})


def schedule_runs():
    runs = [transformers_run(name, total, chosen) for name in ("constant", "linear", "cosine") for total in TOTALS for chosen in WARMUPS]
    others = {
        "cosine": [{"cycles": 1.25}, {"cycles": 0.25}],
        "cosine_with_restarts": [{}, {"cycles": 1}, {"cycles": 3}, {"cycles": 2}],
        "polynomial": [{"power": 1.0, "finalFactor": 0.1}, {"power": 2.0, "finalFactor": 0.0}, {"power": 0.5, "finalFactor": 1e-3}],
        "inverse_sqrt": [{}, {"timescale": 5}, {"timescale": 100}],
        "cosine_with_min_lr": [{"finalFactor": 0.1}, {"finalFactor": 0.3, "cycles": 1.25}, {"finalFactor": 0.0}],
        "warmup_stable_decay": [
            {"decaySteps": 2},
            {"decaySteps": 3, "decayType": "linear", "finalFactor": 0.1},
            {"decaySteps": 3, "decayType": "1-sqrt", "warmupType": "cosine"},
            {"decaySteps": 4, "decayType": "cosine", "warmupType": "1-sqrt", "finalFactor": 0.2},
            {"decaySteps": 4, "decayType": "cosine", "cycles": 1.25},
            {"decaySteps": 0},
        ],
    }
    for name, choices in others.items():
        runs += [transformers_run(name, total, {**warmup, **chosen}) for chosen in choices for total in (7, 20) for warmup in FEW]
    cycles = [{}, {"initialFactor": 0.2, "finalFactor": 0.01}, {"decayType": "linear", "initialFactor": 0.1, "finalFactor": 0.05}]
    warmups = [{"warmupSteps": 0}, {"warmupSteps": 2}, {"warmupSteps": 3}, {"warmupRatio": 0.3}, {"warmupRatio": 1.0}]
    runs += [one_cycle(total, {**warmup, **chosen}) for chosen in cycles for total in (7, 20) for warmup in warmups]
    plateaus = [
        {},
        {"patience": 2},
        {"patience": 1, "reductionFactor": 0.5, "cooldown": 2},
        {"patience": 0, "reductionFactor": 0.5, "finalFactor": 0.1},
        {"patience": 2, "threshold": 0.11, "thresholdMode": "absolute", "reductionFactor": 0.3},
        {"patience": 2, "threshold": 0.11, "reductionFactor": 0.3},
        {"mode": "max", "patience": 1, "threshold": 0.01},
        {"mode": "max", "patience": 1, "threshold": 0.01, "thresholdMode": "absolute"},
    ]
    return runs + [reduce_on_plateau(chosen) for chosen in plateaus]
