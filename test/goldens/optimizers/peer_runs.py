"""Public implementations that the numpy forms are compared with. A peer is (make, name, bound on the difference).

Where a library casts to a lower precision inside, the cast is lifted in a copy of its source, so that the rest of it is compared in
float64; `published` is the library as it is."""

import inspect
from importlib.metadata import version

import adabound
import adam_mini
import pytorch_optimizer
import timm.optim
import torch
from pytorch_optimizer.optimizer import soap as soap_module
from pytorch_optimizer.optimizer import sophia as sophia_module
from torch.optim import _muon as muon_module

from torch_runs import EPSILON, TORCH, TorchStep, betas, from_torch, renamed

PYTORCH_OPTIMIZER = f"pytorch_optimizer {version('pytorch_optimizer')}"


def lifted(module, cast):
    """A copy of a module's namespace in which `torch.<cast>` reads `torch.float64`."""
    source = inspect.getsource(module)
    assert f"torch.{cast}" in source
    namespace = {"__name__": module.__name__, "__package__": module.__package__}
    exec(compile(source.replace(f"torch.{cast}", "torch.float64"), module.__file__, "exec"), namespace)
    return namespace


def official_adabound(amsbound):
    def build(hyper, groups, _):
        options = renamed(hyper, {**EPSILON, "final_learning_rate": "final_lr"}, betas(), amsbound=amsbound)
        options.pop("foreach")
        return adabound.AdaBound(groups, **options)

    return from_torch(build)


def ademamix(hyper, groups, _):
    names = {**EPSILON, "alpha_warmup": "t_alpha_beta3"}
    options = renamed(hyper, names, betas(0.9, 0.999, 0.9999), weight_decouple=True)
    assert options.pop("beta3_warmup") == (options["t_alpha_beta3"] or 0)
    options["t_alpha_beta3"] = options["t_alpha_beta3"] or None
    return pytorch_optimizer.AdEMAMix(groups, **options)


def muon_and_adamw(muon):
    def build(hyper, groups, tensors):
        matrices = [t for t in tensors.values() if t.ndim == 2]
        for group in groups:
            group["params"] = [t for t in group["params"] if t.ndim != 2]
            group["lr"] = hyper["other_learning_rate"]
        rest = [group for group in groups if group["params"]]
        optimizers = [torch.optim.AdamW(rest, betas=(hyper["beta1"], hyper["beta2"]), eps=hyper["other_epsilon"], foreach=False)]
        if matrices:
            options = {ours: hyper[ours] for ours in ("momentum", "nesterov", "ns_steps", "weight_decay")}
            options |= {"eps": hyper["epsilon"], "adjust_lr_fn": hyper["adjust_learning_rate"], "lr": hyper["learning_rate"]}
            optimizers.append(muon(matrices, **options))
        return Several(optimizers)

    return from_torch(build)


class Several:
    def __init__(self, optimizers):
        self.optimizers = optimizers
        self.param_groups = [group for optimizer in optimizers for group in optimizer.param_groups]

    def step(self):
        for optimizer in self.optimizers:
            optimizer.step()


def soap(cls):
    def build(hyper, groups, _):
        names = {**EPSILON, "max_precondition_size": "max_precondition_dim"}
        options = renamed(hyper, names, betas(0.95, 0.95))
        options.pop("foreach")
        options["shampoo_beta"] = options["shampoo_beta"] or None
        return cls(groups, **options)

    return from_torch(build)


class SophiaStep(TorchStep):
    """pytorch_optimizer's SophiaH, given the Gauss-Newton-Bartlett estimate times rho as its Hessian; its clip at 1."""

    def __init__(self, build, hyper, start, decayed, scales):
        self.hyper = hyper
        super().__init__(build, hyper, start, decayed, scales)
        order = [tensor for group in self.optimizer.param_groups for tensor in group["params"]]
        self.names = [next(n for n, t in self.tensors.items() if t is tensor) for tensor in order]

    def __call__(self, point, gradients, t, context):
        step = self.optimizer.step
        if (t - 1) % self.hyper["update_interval"] == 0:
            sampled = context.sampled_gradient(point)
            estimate = [torch.tensor(self.hyper["rho"] * sampled[name] ** 2) for name in self.names]
            self.optimizer.step = lambda: step(hessian=estimate)
        result = super().__call__(point, gradients, t, context)
        self.optimizer.step = step
        return result


def sophia(hyper, groups, _):
    return sophia_module.SophiaH(
        groups, betas=(hyper["beta1"], hyper["beta2"]), p=1.0, eps=hyper["epsilon"], update_period=10**9, foreach=False
    )


def official_adam_mini(hyper, groups, tensors):
    """By rows for matrices (as the official code does for known names), the whole tensor for the rest."""
    named = [(("mlp." if t.ndim == 2 else "") + n, torch.nn.Parameter(t)) for n, t in tensors.items()]
    optimizer = adam_mini.Adam_mini(
        named,
        lr=hyper["learning_rate"],
        betas=(hyper["beta1"], hyper["beta2"]),
        eps=hyper["epsilon"],
        weight_decay=hyper["weight_decay"],
        verbose=False,
    )
    for names in ("embd_names", "output_names", "wqk_names", "wv_names", "attn_proj_names", "adam_block_names"):
        setattr(optimizer, names, set())
    # the class was given copies that share the data: point its groups back at our tensors, which carry the gradients
    for group, tensor in zip(optimizer.param_groups, tensors.values()):
        group["params"] = [tensor]
    return optimizer


def enhanced(idea):
    def build(hyper, groups, _):
        hyper = {key: value for key, value in hyper.items() if key != "idea"}
        if idea == "bounds":
            options = renamed(hyper, {**EPSILON, "final_learning_rate": "final_lr"}, betas(), weight_decouple=True)
            return pytorch_optimizer.AdaBound(groups, **options)
        hyper = {key: value for key, value in hyper.items() if key not in ("final_learning_rate", "gamma")}
        if idea == "rectify":
            return torch.optim.RAdam(groups, **renamed(hyper, EPSILON, betas(), decoupled_weight_decay=True))
        return timm.optim.Lamb(groups, **renamed(hyper, EPSILON, betas(), max_grad_norm=None))

    return from_torch(build)


def lookahead(cls):
    def build(hyper, groups, _):
        hyper = dict(hyper)
        k, alpha = hyper.pop("lookahead_steps"), hyper.pop("lookahead_alpha")
        return pytorch_optimizer.Lookahead(cls(groups, **renamed(hyper, EPSILON, betas())), k=k, alpha=alpha)

    return from_torch(build)


LIFTED_MUON = lifted(muon_module, "bfloat16")["Muon"]
LIFTED_SOAP = lifted(soap_module, "float32")["SOAP"]


def peer(name, hyper):
    """(make, what it is, bound) and, where its own precision is lower, the published (make, bound)."""
    if name in ("adabound", "amsbound"):
        # the official code divides by gamma
        return None if hyper["gamma"] == 0 else (official_adabound(name == "amsbound"), f"adabound {version('adabound')}", 1e-10)
    if name == "ademamix":
        equal = hyper["alpha_warmup"] == hyper["beta3_warmup"]
        return (from_torch(ademamix), f"{PYTORCH_OPTIMIZER} AdEMAMix", 1e-10) if equal else None
    if name == "muon":
        return muon_and_adamw(LIFTED_MUON), f"{TORCH} Muon with its cast to bfloat16 lifted, AdamW", 1e-10
    if name == "soap":
        return soap(LIFTED_SOAP), f"{PYTORCH_OPTIMIZER} SOAP with the cast to float32 before its QR lifted", 1e-8
    if name == "sophia-g":
        # the peer takes the larger of the Hessian and epsilon, not the sum
        bound = 1e-9 if hyper["epsilon"] < 1e-12 else None
        return (from_torch(sophia, SophiaStep), f"{PYTORCH_OPTIMIZER} SophiaH given the estimate", bound) if bound else None
    if name == "adam-mini":
        return from_torch(official_adam_mini), f"adam-mini {version('adam-mini')}", 1e-10
    if name == "enhanced":
        source = {"rectify": f"{TORCH} RAdam", "bounds": f"{PYTORCH_OPTIMIZER} AdaBound", "trust": f"timm {version('timm')} Lamb"}
        # pytorch_optimizer adds 1e-15 to the second moment
        return enhanced(hyper["idea"]), source[hyper["idea"]], 1e-6 if hyper["idea"] == "bounds" else 1e-10
    if name == "lookahead-adamw":
        return lookahead(torch.optim.AdamW), f"{PYTORCH_OPTIMIZER} Lookahead around {TORCH} AdamW", 1e-12
    if name == "ranger":
        return lookahead(torch.optim.RAdam), f"{PYTORCH_OPTIMIZER} Lookahead around {TORCH} RAdam", 1e-12
    return None


def published(name):
    if name == "muon":
        return muon_and_adamw(torch.optim.Muon), TORCH + " Muon, AdamW"
    if name == "soap":
        return soap(pytorch_optimizer.SOAP), f"{PYTORCH_OPTIMIZER} SOAP"
    return None
