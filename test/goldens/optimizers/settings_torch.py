"""Settings of torch's optimizers, LAMB, AdaBound and AMSBound. The first is the defaults, the others switch every option."""

from defaults import MUON_REST

OTHER_ADAM = {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4}

SETTINGS = {
    "sgd": [
        {"learning_rate": 0.02, "weight_decay": 0.0},
        {"learning_rate": 0.02, "momentum": 0.0, "weight_decay": 0.0},
        {"learning_rate": 0.02, "nesterov": True, "weight_decay": 0.01},
        {"learning_rate": 0.05, "momentum": 0.8, "dampening": 0.5, "weight_decay": 0.1},
    ],
    "adam": [{"learning_rate": 0.01, "weight_decay": 0.0}, {"learning_rate": 0.05, **OTHER_ADAM, "weight_decay": 0.1}],
    "amsgrad": [{"learning_rate": 0.01, "weight_decay": 0.0}, {"learning_rate": 0.05, **OTHER_ADAM, "weight_decay": 0.1}],
    "adamw": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.05, "beta1": 0.0, "beta2": 0.98, "epsilon": 1e-6, "weight_decay": 0.3},
        {"learning_rate": 0.02, "weight_decay": 0.0},
    ],
    "baseline": [{"learning_rate": 0.01, "weight_decay": 0.01}, {"learning_rate": 0.03, **OTHER_ADAM, "weight_decay": 0.2}],
    "rmsprop": [
        {"learning_rate": 0.01, "weight_decay": 0.0},
        {"learning_rate": 0.01, "alpha": 0.9, "epsilon": 1e-5, "momentum": 0.9, "weight_decay": 0.05},
        {"learning_rate": 0.005, "alpha": 0.95, "epsilon": 1e-3, "centered": True, "weight_decay": 0.0},
        {"learning_rate": 0.005, "alpha": 0.9, "epsilon": 1e-2, "centered": True, "momentum": 0.5, "weight_decay": 0.01},
    ],
    "nadam": [
        {"learning_rate": 0.01, "weight_decay": 0.0},
        {"learning_rate": 0.005, **OTHER_ADAM, "momentum_decay": 0.05, "weight_decay": 0.1},
    ],
    "nadamw": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.01, **OTHER_ADAM, "momentum_decay": 0.05, "weight_decay": 0.3},
    ],
    "radam": [
        {"learning_rate": 0.01, "weight_decay": 0.0},
        {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.97, "epsilon": 1e-3, "weight_decay": 0.1},
        {"learning_rate": 0.02, "beta2": 0.7, "weight_decay": 0.0},
    ],
    "adagrad": [
        {"learning_rate": 0.1, "weight_decay": 0.0},
        {"learning_rate": 0.2, "learning_rate_decay": 0.03, "initial_accumulator": 0.1, "epsilon": 1e-3, "weight_decay": 0.1},
    ],
    "adadelta": [
        {"learning_rate": 1.0, "weight_decay": 0.0},
        {"learning_rate": 0.2, "rho": 0.8, "epsilon": 1e-3, "weight_decay": 0.1},
    ],
    "adamax": [{"learning_rate": 0.02, "weight_decay": 0.0}, {"learning_rate": 0.01, **OTHER_ADAM, "weight_decay": 0.1}],
    "asgd": [
        {"learning_rate": 0.02, "weight_decay": 0.0},
        {"learning_rate": 0.05, "lambd": 0.05, "alpha": 0.6, "t0": 20, "weight_decay": 0.1},
    ],
    "rprop": [
        {"learning_rate": 0.01},
        {"learning_rate": 0.05, "eta_minus": 0.6, "eta_plus": 1.4, "min_step": 1e-3, "max_step": 0.1},
    ],
    "adafactor": [
        {"learning_rate": 0.01, "weight_decay": 0.0},
        {
            "learning_rate": 0.02,
            "decay_rate": -0.5,
            "epsilon1": 1e-6,
            "epsilon2": 0.3,
            "clip_threshold": 0.7,
            "beta1": 0.8,
            "scale_parameter": True,
            "weight_decay": 0.1,
        },
        {"learning_rate": 1.0, "scale_parameter": True, "relative_step": True, "weight_decay": 0.0},
        {"learning_rate": 1.0, "relative_step": True, "warmup_init": True, "clip_threshold": 0.5, "weight_decay": 0.5},
    ],
    "muon": [
        {"learning_rate": 0.02, "weight_decay": 0.1, **MUON_REST},
        {
            "learning_rate": 0.05,
            "momentum": 0.8,
            "nesterov": False,
            "ns_steps": 3,
            "epsilon": 0.5,
            "adjust_learning_rate": "match_rms_adamw",
            "weight_decay": 0.3,
            "other_learning_rate": 0.03,
            "beta1": 0.8,
            "beta2": 0.98,
            "other_epsilon": 1e-4,
        },
    ],
    "lamb": [
        {"learning_rate": 0.02, "weight_decay": 0.01},
        {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "always_adapt": True, "weight_decay": 0.3},
        {"learning_rate": 0.02, "weight_decay": 0.0},
    ],
    "adabound": [
        {"learning_rate": 0.01, "weight_decay": 0.0},
        {"learning_rate": 0.02, **OTHER_ADAM, "final_learning_rate": 0.05, "gamma": 0.1, "weight_decay": 0.1},
        {"learning_rate": 0.01, "gamma": 0.0, "weight_decay": 0.0},
    ],
    "amsbound": [
        {"learning_rate": 0.01, "weight_decay": 0.0},
        {"learning_rate": 0.02, **OTHER_ADAM, "final_learning_rate": 0.05, "gamma": 0.1, "weight_decay": 0.1},
    ],
}
