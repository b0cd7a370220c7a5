"""Optimizers that are torch.optim.Optimizer classes, from any library, as the steps of run_oracle.py; all on float64 tensors."""

import torch
import transformers


class TorchStep:
    """Holds the parameters as tensors and steps a torch optimizer. `build(named groups) -> optimizer`."""

    def __init__(self, build, hyper, start, decayed, scales):
        self.tensors = {name: torch.tensor(value, requires_grad=True) for name, value in start.items()}
        for tensor in self.tensors.values():
            tensor.grad = torch.zeros_like(tensor)
        self.optimizer = build(hyper, self.groups(hyper, decayed, scales), self.tensors)
        self.peaks = [group["lr"] for group in self.optimizer.param_groups]

    def groups(self, hyper, decayed, scales):
        """Parameter groups: by decay and learning rate. A group has its own weight_decay and lr."""
        groups = {}
        for name, tensor in self.tensors.items():
            key = (hyper.get("weight_decay", 0.0) if decayed[name] else 0.0, hyper["learning_rate"] * scales[name])
            groups.setdefault(key, []).append(tensor)
        return [{"params": tensors, "weight_decay": decay, "lr": lr} for (decay, lr), tensors in groups.items()]

    def schedule(self, factor):
        """Sets the learning rates of this step, as torch's schedulers do; None: the optimizer chooses its own."""
        for group, peak in zip(self.optimizer.param_groups, self.peaks):
            group["lr"] = None if peak is None else peak * factor

    def __call__(self, point, gradients, t, context):
        self.schedule(context.factor)
        with torch.no_grad():
            for name, tensor in self.tensors.items():
                tensor.copy_(torch.from_numpy(point[name]))
                tensor.grad = torch.tensor(gradients[name])
        self.optimizer.step()
        return {name: tensor.detach().numpy().copy() for name, tensor in self.tensors.items()}


def from_torch(build, step=TorchStep):
    """A `make` of run_oracle.py from a function that builds the torch optimizer."""
    return lambda hyper, start, decayed, scales: step(build, hyper, start, decayed, scales)


def renamed(hyper, names, tuples=None, **fixed):
    """The keyword arguments of a torch class: names maps ours to theirs; tuples maps theirs to (ours, default) lists."""
    options = {names.get(key, key): value for key, value in hyper.items() if key not in ("learning_rate", "weight_decay")}
    for theirs, parts in (tuples or {}).items():
        options[theirs] = tuple(options.pop(ours, default) for ours, default in parts)
    return {**options, "foreach": False, **fixed}


def betas(first=0.9, second=0.999, third=None):
    parts = [("beta1", first), ("beta2", second)] + ([("beta3", third)] if third is not None else [])
    return {"betas": parts}


EPSILON = {"epsilon": "eps"}


def simple(cls, names=None, tuples=None, **fixed):
    return from_torch(lambda hyper, groups, _: cls(groups, **renamed(hyper, {**EPSILON, **(names or {})}, tuples, **fixed)))


def adam_like(cls, **fixed):
    return simple(cls, tuples=betas(), **fixed)


def adagrad(hyper, groups, _):
    names = {**EPSILON, "learning_rate_decay": "lr_decay", "initial_accumulator": "initial_accumulator_value"}
    return torch.optim.Adagrad(groups, **renamed(hyper, names))


def rprop(hyper, groups, _):
    etas = (hyper.get("eta_minus", 0.5), hyper.get("eta_plus", 1.2))
    sizes = (hyper.get("min_step", 1e-6), hyper.get("max_step", 50.0))
    for group in groups:
        group.pop("weight_decay")
    return torch.optim.Rprop(groups, etas=etas, step_sizes=sizes, foreach=False)


class PeakStep(TorchStep):
    """Does without the schedule. For Rprop: torch makes the rate of the first step the first step size, which a warm-up from 0 would leave
    at the least, and looks at no later rate. In ours the first step size is the peak rate."""

    def schedule(self, factor):
        pass


class AsgdStep(TorchStep):
    """The evaluation point is the averaged iterate."""

    def evaluation(self, point):
        return {name: self.optimizer.state[tensor]["ax"].numpy() for name, tensor in self.tensors.items()}


def adafactor(hyper, groups, _):
    relative = hyper.get("relative_step", False)
    for group in groups:
        group["lr"] = None if relative else group["lr"]
    return transformers.Adafactor(
        groups,
        lr=None if relative else hyper["learning_rate"],
        eps=(hyper.get("epsilon1", 1e-30), hyper.get("epsilon2", 1e-3)),
        clip_threshold=hyper.get("clip_threshold", 1.0),
        decay_rate=hyper.get("decay_rate", -0.8),
        beta1=hyper.get("beta1", 0.0) or None,
        scale_parameter=hyper.get("scale_parameter", False),
        relative_step=relative,
        warmup_init=hyper.get("warmup_init", False),
    )


TORCH = f"torch {torch.__version__.split('+')[0]}"
# name -> (make, oracle)
RUNS = {
    "sgd": (simple(torch.optim.SGD), TORCH),
    "adam": (adam_like(torch.optim.Adam), TORCH),
    "amsgrad": (adam_like(torch.optim.Adam, amsgrad=True), TORCH),
    "adamw": (adam_like(torch.optim.AdamW), TORCH),
    "baseline": (adam_like(torch.optim.AdamW), TORCH),
    "rmsprop": (simple(torch.optim.RMSprop), TORCH),
    "nadam": (adam_like(torch.optim.NAdam), TORCH),
    "nadamw": (adam_like(torch.optim.NAdam, decoupled_weight_decay=True), TORCH),
    "radam": (adam_like(torch.optim.RAdam), TORCH),
    "adagrad": (from_torch(adagrad), TORCH),
    "adadelta": (simple(torch.optim.Adadelta), TORCH),
    "adamax": (adam_like(torch.optim.Adamax), TORCH),
    "asgd": (from_torch(lambda hyper, groups, _: torch.optim.ASGD(groups, **renamed(hyper, {})), AsgdStep), TORCH),
    "rprop": (from_torch(rprop), TORCH),
    "adafactor": (from_torch(adafactor), f"transformers {transformers.__version__}"),
}
