"""Settings of the optimizers since. The first is the defaults, the others switch every option."""

from settings_torch import OTHER_ADAM

SETTINGS = {
    "adabelief": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "rectify": True, "weight_decay": 0.1},
        {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "weight_decay": 0.1},
    ],
    "lars": [
        {"learning_rate": 1.0, "weight_decay": 0.01},
        {"learning_rate": 0.5, "momentum": 0.8, "nesterov": True, "trust_coefficient": 0.02, "epsilon": 0.1, "weight_decay": 0.1},
        {"learning_rate": 0.3, "momentum": 0.6, "dampening": 0.4, "trust_coefficient": 0.05, "weight_decay": 0.2},
        {"learning_rate": 0.03, "weight_decay": 0.0},
    ],
    "lion": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.02, "beta1": 0.7, "beta2": 0.9, "weight_decay": 0.5},
    ],
    "signum": [{"learning_rate": 0.01, "weight_decay": 0.0}, {"learning_rate": 0.02, "momentum": 0.7, "weight_decay": 0.5}],
    "yogi": [
        {"learning_rate": 0.01, "weight_decay": 0.0},
        {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "initial_accumulator": 0.01, "weight_decay": 0.2},
    ],
    "novograd": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {
            "learning_rate": 0.1,
            "beta1": 0.8,
            "beta2": 0.9,
            "epsilon": 1e-2,
            "gradient_averaging": True,
            "weight_decay": 0.1,
        },
    ],
    "adan": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {
            "learning_rate": 0.02,
            "beta1": 0.9,
            "beta2": 0.8,
            "beta3": 0.95,
            "epsilon": 1e-4,
            "no_prox": True,
            "weight_decay": 0.3,
        },
        {"learning_rate": 0.02, "beta1": 0.9, "beta2": 0.8, "beta3": 0.95, "weight_decay": 0.3},
    ],
    "sophia-g": [
        {"learning_rate": 0.01, "weight_decay": 0.1},
        {
            "learning_rate": 0.02,
            "beta1": 0.8,
            "beta2": 0.9,
            "rho": 2.0,
            "epsilon": 1e-2,
            "update_interval": 3,
            "weight_decay": 0.3,
        },
    ],
    "prodigy": [
        {"learning_rate": 1.0, "weight_decay": 0.01},
        {
            "learning_rate": 0.7,
            "beta1": 0.8,
            "beta2": 0.98,
            "beta3": 0.9,
            "epsilon": 1e-4,
            "d0": 1e-4,
            "d_coef": 0.5,
            "growth_rate": 1.3,
            "safeguard_warmup": True,
            "use_bias_correction": True,
            "weight_decay": 0.1,
        },
        {"learning_rate": 1.0, "beta1": 0.0, "epsilon": 1e-3, "d0": 1e-3, "weight_decay": 0.0},
    ],
    "dadapt-adam": [
        {"learning_rate": 0.5, "weight_decay": 0.01},
        {
            "learning_rate": 0.3,
            "beta1": 0.8,
            "beta2": 0.98,
            "epsilon": 1e-4,
            "d0": 1e-4,
            "growth_rate": 1.3,
            "weight_decay": 0.1,
        },
    ],
    "schedule-free-adamw": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {
            "learning_rate": 0.01,
            "beta1": 0.7,
            "beta2": 0.95,
            "epsilon": 1e-4,
            "r": 1.0,
            "weight_lr_power": 1.0,
            "weight_decay": 0.2,
        },
    ],
    "schedule-free-sgd": [
        {"learning_rate": 0.1, "weight_decay": 0.0},
        {"learning_rate": 0.05, "momentum": 0.7, "r": 2.0, "weight_lr_power": 0.0, "weight_decay": 0.1},
    ],
    "ademamix": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {
            "learning_rate": 0.01,
            "beta1": 0.8,
            "beta2": 0.95,
            "beta3": 0.99,
            "alpha": 8.0,
            "alpha_warmup": 60,
            "beta3_warmup": 60,
            "epsilon": 1e-4,
            "weight_decay": 0.2,
        },
        {"learning_rate": 0.01, "beta3": 0.999, "alpha": 3.0, "alpha_warmup": 20, "beta3_warmup": 70, "weight_decay": 0.0},
    ],
    "adopt": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.05, "weight_decay": 0.2},
        {"learning_rate": 0.01, "beta2": 0.99, "clip": False, "weight_decay": 0.0},
    ],
    "mars-adamw": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.95, "gamma": 0.2, "epsilon": 1e-4, "weight_decay": 0.2},
    ],
    "cautious-adamw": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.02, **OTHER_ADAM, "weight_decay": 0.3},
    ],
    "cautious-lion": [
        {"learning_rate": 0.005, "weight_decay": 0.01},
        {"learning_rate": 0.01, "beta1": 0.7, "beta2": 0.9, "weight_decay": 0.5},
    ],
    "grokfast-adamw": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.02, **OTHER_ADAM, "grokfast_alpha": 0.8, "grokfast_lambda": 0.5, "weight_decay": 0.2},
    ],
    "soap": [
        {"learning_rate": 0.005, "weight_decay": 0.01},
        {
            "learning_rate": 0.03,
            "beta1": 0.8,
            "beta2": 0.98,
            "shampoo_beta": 0.9,
            "precondition_frequency": 3,
            "epsilon": 1e-3,
            "max_precondition_size": 3,
            "weight_decay": 0.2,
        },
        {"learning_rate": 0.02, "precondition_frequency": 1, "epsilon": 1e-4, "weight_decay": 0.0},
    ],
    "came": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {
            "learning_rate": 0.01,
            "beta1": 0.8,
            "beta2": 0.95,
            "beta3": 0.98,
            "epsilon1": 1e-6,
            "epsilon2": 1e-4,
            "clip_threshold": 0.5,
            "weight_decay": 0.2,
        },
    ],
    "adam-mini": [{"learning_rate": 0.01, "weight_decay": 0.01}, {"learning_rate": 0.03, **OTHER_ADAM, "weight_decay": 0.3}],
    "laprop": [{"learning_rate": 0.01, "weight_decay": 0.01}, {"learning_rate": 0.03, **OTHER_ADAM, "weight_decay": 0.3}],
    "stable-adamw": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weight_decay": 0.3},
    ],
    "lookahead-adamw": [
        {"learning_rate": 0.01, "weight_decay": 0.01},
        {"learning_rate": 0.03, **OTHER_ADAM, "lookahead_steps": 2, "lookahead_alpha": 0.8, "weight_decay": 0.3},
    ],
    "ranger": [
        {"learning_rate": 0.02, "weight_decay": 0.0},
        {"learning_rate": 0.03, **OTHER_ADAM, "lookahead_steps": 2, "lookahead_alpha": 0.8, "weight_decay": 0.1},
    ],
}
