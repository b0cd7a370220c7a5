"""Optimizers of other libraries than torch that compute in the parameters' precision, so float64 here: oracles by themselves."""

from importlib.metadata import version

import adabelief_pytorch
import dadaptation
import jax
import numpy
import optax
import optimi
import prodigyopt
import pytorch_optimizer
import schedulefree
import timm.optim
import torch
from pytorch_optimizer.optimizer.grokfast import gradfilter_ema

from torch_runs import EPSILON, TorchStep, betas, from_torch, renamed, simple

jax.config.update("jax_enable_x64", True)


def without_foreach(cls, names=None, tuples=None, **fixed):
    """For classes that know no `foreach`."""

    def build(hyper, groups, _):
        options = renamed(hyper, {**EPSILON, **(names or {})}, tuples, **fixed)
        options.pop("foreach")
        return cls(groups, **options)

    return from_torch(build)


def adabelief(hyper, groups, _):
    options = renamed(hyper, EPSILON, betas(), weight_decouple=True, print_change_log=False)
    options.pop("foreach")
    # the class's own default epsilon and rectify are not the ones of the table
    return adabelief_pytorch.AdaBelief(groups, **{"eps": 1e-16, "rectify": False, **options})


def adopt(hyper, groups, _):
    options = renamed(hyper, EPSILON, betas(0.9, 0.9999), decoupled=True)
    options["clip_exp"] = 0.25 if options.pop("clip", True) else None
    return timm.optim.Adopt(groups, **options)


def prodigy(hyper, groups, _):
    options = renamed(hyper, EPSILON, betas(), decouple=True)
    options.pop("foreach")
    options["beta3"] = options.get("beta3", 0) or None
    options["growth_rate"] = options.get("growth_rate", 0) or float("inf")
    return prodigyopt.Prodigy(groups, **options)


def dadapt_adam(hyper, groups, _):
    options = renamed(hyper, EPSILON, betas(), decouple=True, log_every=0)
    options.pop("foreach")
    options["growth_rate"] = options.get("growth_rate", 0) or float("inf")
    return dadaptation.DAdaptAdam(groups, **options)


class ScheduleFreeStep(TorchStep):
    """Trains at y; the evaluation point is x."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.optimizer.train()

    def evaluation(self, point):
        self.optimizer.eval()
        values = {name: tensor.detach().numpy().copy() for name, tensor in self.tensors.items()}
        self.optimizer.train()
        with torch.no_grad():
            for name, tensor in self.tensors.items():
                tensor.copy_(torch.from_numpy(point[name]))
        return values


def schedule_free_adamw(hyper, groups, _):
    return schedulefree.AdamWScheduleFree(groups, **renamed(hyper, EPSILON, betas()))


def schedule_free_sgd(hyper, groups, _):
    return schedulefree.SGDScheduleFree(groups, **renamed(hyper, {}))


class GrokfastStep(TorchStep):
    """The paper's EMA filter on the gradients, then torch's AdamW."""

    def __init__(self, build, hyper, start, decayed, scales):
        hyper = dict(hyper)
        self.filter = {"alpha": hyper.pop("grokfast_alpha", 0.98), "lamb": hyper.pop("grokfast_lambda", 2.0)}
        self.averages = None
        super().__init__(build, hyper, start, decayed, scales)

    def __call__(self, point, gradients, t, context):
        model = torch.nn.Module()
        for name, value in gradients.items():
            parameter = torch.nn.Parameter(torch.tensor(point[name]))
            parameter.grad = torch.tensor(value)
            model.register_parameter(name.replace(".", "_"), parameter)
        self.averages = gradfilter_ema(model, grads=self.averages, **self.filter)
        filtered = {name: getattr(model, name.replace(".", "_")).grad.numpy() for name in gradients}
        return super().__call__(point, filtered, t, context)


def yogi(hyper, start, decayed, scales):
    """optax's transforms: scale_by_yogi, decayed weights, learning rate."""
    rate = [hyper["learning_rate"]]
    chain = optax.chain(
        optax.scale_by_yogi(
            b1=hyper.get("beta1", 0.9),
            b2=hyper.get("beta2", 0.999),
            eps=hyper.get("epsilon", 1e-3),
            initial_accumulator_value=hyper.get("initial_accumulator", 1e-6),
        ),
        optax.add_decayed_weights(hyper["weight_decay"], mask=decayed),
        optax.scale_by_schedule(lambda count: -rate[0]),
    )
    state = [chain.init(start)]

    def step(point, gradients, t, context):
        rate[0] = hyper["learning_rate"] * context.factor
        updates, state[0] = chain.update(gradients, state[0], point)
        return {name: numpy.asarray(value) for name, value in optax.apply_updates(point, updates).items()}

    return step


def named(package):
    return f"{package} {version(package)}"


NOVOGRAD = {**EPSILON, "gradient_averaging": "grad_averaging"}
TIMM, PYTORCH_OPTIMIZER = named("timm"), named("pytorch_optimizer")
RUNS = {
    "lamb": (simple(timm.optim.Lamb, tuples=betas(), max_grad_norm=None, trust_clip=False), TIMM),
    "adabelief": (from_torch(adabelief), named("adabelief-pytorch")),
    "lars": (simple(timm.optim.Lars, {"trust_coefficient": "trust_coeff"}, trust_clip=False), TIMM),
    "lion": (simple(timm.optim.Lion, tuples=betas(0.9, 0.99)), TIMM),
    "signum": (simple(pytorch_optimizer.SignSGD), PYTORCH_OPTIMIZER),
    "yogi": (yogi, named("optax")),
    "novograd": (without_foreach(timm.optim.NvNovoGrad, NOVOGRAD, betas(0.95, 0.98)), TIMM),
    "adan": (simple(timm.optim.Adan, tuples=betas(0.98, 0.92, 0.99)), TIMM),
    "prodigy": (from_torch(prodigy), named("prodigyopt")),
    "dadapt-adam": (from_torch(dadapt_adam), named("dadaptation")),
    "schedule-free-adamw": (from_torch(schedule_free_adamw, ScheduleFreeStep), named("schedulefree")),
    "schedule-free-sgd": (from_torch(schedule_free_sgd, ScheduleFreeStep), named("schedulefree")),
    "adopt": (from_torch(adopt), TIMM),
    "mars-adamw": (without_foreach(timm.optim.Mars, tuples=betas(0.95, 0.99), optimize_1d=True), TIMM),
    "cautious-adamw": (simple(timm.optim.AdamWLegacy, tuples=betas(), caution=True), TIMM),
    "cautious-lion": (simple(timm.optim.Lion, tuples=betas(0.9, 0.99), caution=True), TIMM),
    "grokfast-adamw": (
        from_torch(lambda hyper, groups, _: torch.optim.AdamW(groups, **renamed(hyper, EPSILON, betas())), GrokfastStep),
        f"{PYTORCH_OPTIMIZER} gradfilter_ema, then torch {torch.__version__.split('+')[0]} AdamW",
    ),
    "came": (
        simple(pytorch_optimizer.CAME, {"epsilon1": "eps1", "epsilon2": "eps2"}, betas(0.9, 0.999, 0.9999)),
        PYTORCH_OPTIMIZER,
    ),
    "laprop": (simple(timm.optim.LaProp, tuples=betas()), TIMM),
    "stable-adamw": (simple(optimi.StableAdamW, tuples=betas(0.9, 0.99), lr=0.0, triton=False), named("torch-optimi")),
}
