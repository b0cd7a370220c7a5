"""What is run. Weight decay is always given, so that a run does not depend on a preset's default for it."""

import settings_since
import settings_torch
from defaults import ABLATIONS
from problems import MATRICES, THREE
from settings_torch import OTHER_ADAM

# name -> settings, beyond the defaults
SETTINGS = {
    **settings_torch.SETTINGS,
    **settings_since.SETTINGS,
    "enhanced": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "weight_decay": 0.2},
        {"learning_rate": 0.01, "idea": "bounds", "weight_decay": 0.01},
        {
            "learning_rate": 0.02,
            "idea": "bounds",
            **OTHER_ADAM,
            "final_learning_rate": 0.05,
            "gamma": 0.1,
            "weight_decay": 0.2,
        },
        {"learning_rate": 0.01, "idea": "trust", "weight_decay": 0.01},
        {"learning_rate": 0.03, "idea": "trust", **OTHER_ADAM, "weight_decay": 0.2},
    ],
}
INTEGRATED = [
    {"learning_rate": 0.02, "weight_decay": 0.01},
    {
        "learning_rate": 0.05,
        "beta1": 0.8,
        "beta2": 0.95,
        "epsilon": 1e-4,
        "final_learning_rate": 0.2,
        "gamma": 0.05,
        "ema_decay": 0.9,
        "weight_decay": 0.2,
    },
]
for name in ("integrated", *(f"integrated-without-{element}" for element in ABLATIONS)):
    SETTINGS[name] = INTEGRATED

DADAPT, OTHER_DADAPT = SETTINGS["dadapt-adam"]
# where the first settings do not show what a schedule changes
CHOSEN = {
    # they decay so slowly and average so late that it would be sgd
    "asgd": SETTINGS["asgd"][1:],
    # bias corrections count the steps, and one without a learning rate is none
    "prodigy": SETTINGS["prodigy"][:2],
    "dadapt-adam": [DADAPT, {**OTHER_DADAPT, "use_bias_correction": True}],
    # two settings for each idea
    "enhanced": SETTINGS["enhanced"][1::2],
}


def scheduled(name):
    """What runs under a schedule: the first settings, with decay where there is any, so that the decay's rate is held too."""
    return [{**given, "weight_decay": 0.1} if "weight_decay" in given else given for given in CHOSEN.get(name, SETTINGS[name][:1])]


MATRIX_OPTIMIZERS = ("adafactor", "muon", "soap", "came", "adam-mini")


def problems_of(name, hyper):
    """Those that treat matrices apart also run on a wide one. Not SOAP with a preconditioner of the long side: the first gradient has rank
    2 there, so three of its five eigenvectors are arbitrary, and no two implementations agree."""
    wide_apart = name in MATRIX_OPTIMIZERS and hyper.get("max_precondition_size", 0) < 5
    return MATRICES if wide_apart else THREE


# learning-rate scales of layer-wise decay, by parameter
SCALES = {
    "quadratic": {"x": 0.8},
    "logistic": {"weight": 0.64, "bias": 0.8},
    "network": {"hidden.weight": 0.64, "hidden.bias": 0.64, "output.weight": 1.0, "output.bias": 0.8},
}
SCALED = [
    ("adamw", {"learning_rate": 0.02, "weight_decay": 0.1}),
    ("lamb", {"learning_rate": 0.03, "weight_decay": 0.05}),
    ("lamb", {"learning_rate": 0.03, "always_adapt": True, "weight_decay": 0.05}),
]

WRAPPERS = [
    [{"name": "lookahead", "steps": 6, "alpha": 0.5}],
    [{"name": "lookahead", "steps": 4, "alpha": 0.8}],
    [{"name": "ema", "decay": 0.98}],
    [{"name": "swa", "start": 30, "frequency": 7}],
    [{"name": "sam", "rho": 0.05}],
    [{"name": "asam", "rho": 0.5, "eta": 0.01}],
    [{"name": "schedule_free", "momentum": 0.9, "r": 0.0, "weight_lr_power": 2.0}],
    [{"name": "schedule_free", "momentum": 0.7, "r": 1.0, "weight_lr_power": 1.0}],
    [{"name": "sam", "rho": 0.1}, {"name": "lookahead", "steps": 5, "alpha": 0.5}, {"name": "ema", "decay": 0.9}],
]
WRAPPED = [
    ("adamw", {"learning_rate": 0.02, "weight_decay": 0.1}),
    ("sgd", {"learning_rate": 0.02, "weight_decay": 0.01}),
]
