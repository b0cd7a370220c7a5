"""Public forms of the wrappers around torch's SGD and AdamW. A peer is (make, name, bound on the difference)."""

from importlib.metadata import version

import pytorch_optimizer
import schedulefree
import torch

from torch_runs import EPSILON, TORCH, TorchStep, betas, from_torch, renamed

PYTORCH_OPTIMIZER = f"pytorch_optimizer {version('pytorch_optimizer')}"


class ScheduleFreeWrapperStep(TorchStep):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.optimizer.train()

    def schedule(self, factor):
        # it divides by the sum of its weights, which is 0 after a rate of 0: this one moves nothing and weighs nothing later
        super().schedule(factor or 1e-100)


def wrapped_base(hyper, groups, name):
    if name == "sgd":
        return torch.optim.SGD(groups, **renamed(hyper, {}))
    base = torch.optim.AdamW(groups, **renamed(hyper, EPSILON, betas()))
    # AdamW begins its state where there is none at all, but ScheduleFreeWrapper puts z there first
    for group in groups:
        for p in group["params"]:
            base.state[p] = {"step": torch.tensor(0.0), "exp_avg": torch.zeros_like(p), "exp_avg_sq": torch.zeros_like(p)}
    return base


def wrapper_peer(name, wrappers):
    """The public form of one wrapper around torch's adamw or sgd, or None."""
    if len(wrappers) != 1:
        return None
    options = wrappers[0]
    if options["name"] == "lookahead":
        make = from_torch(
            lambda hyper, groups, _: pytorch_optimizer.Lookahead(
                wrapped_base(hyper, groups, name), k=options["steps"], alpha=options["alpha"]
            )
        )
        return make, f"{PYTORCH_OPTIMIZER} Lookahead", 1e-12
    if options["name"] == "schedule_free":
        rest = {key: value for key, value in options.items() if key != "name"}
        make = from_torch(
            lambda hyper, groups, _: schedulefree.ScheduleFreeWrapper(wrapped_base(hyper, groups, name), **rest),
            ScheduleFreeWrapperStep,
        )
        return make, f"schedulefree {version('schedulefree')} ScheduleFreeWrapper", 1e-9
    if options["name"] == "sam":
        # its norm is summed in float32
        return sam_peer(name, options), f"{PYTORCH_OPTIMIZER} SAM", 1e-5
    if options["name"] == "swa":
        return swa_peer(name, options), f"{TORCH} AveragedModel", 1e-12
    return None


def sam_peer(name, options):
    class Step(TorchStep):
        def __call__(self, point, gradients, t, context):
            self.schedule(context.factor)
            with torch.no_grad():
                for key, tensor in self.tensors.items():
                    tensor.copy_(torch.from_numpy(point[key]))
                    tensor.grad = torch.tensor(gradients[key])
            self.optimizer.first_step()
            second = context.gradient({key: tensor.detach().numpy().copy() for key, tensor in self.tensors.items()})
            for key, tensor in self.tensors.items():
                tensor.grad = torch.tensor(second[key])
            self.optimizer.second_step()
            return {key: tensor.detach().numpy().copy() for key, tensor in self.tensors.items()}

    def build(hyper, groups, _):
        cls = torch.optim.SGD if name == "sgd" else torch.optim.AdamW
        inner = renamed(hyper, {}) if name == "sgd" else renamed(hyper, EPSILON, betas())
        return pytorch_optimizer.SAM(groups, base_optimizer=cls, rho=options["rho"], adaptive=False, lr=hyper["learning_rate"], **inner)

    return from_torch(build, Step)


def swa_peer(name, options):
    class Step(TorchStep):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            self.model = torch.nn.Module()
            for key, tensor in self.tensors.items():
                self.model.register_parameter(key.replace(".", "_"), torch.nn.Parameter(tensor.detach()))
            self.average = torch.optim.swa_utils.AveragedModel(self.model)

        def __call__(self, point, gradients, t, context):
            result = super().__call__(point, gradients, t, context)
            if t >= options["start"] and (t - options["start"]) % options["frequency"] == 0:
                self.average.update_parameters(self.model)
            return result

        def evaluation(self, point):
            if int(self.average.n_averaged) == 0:
                return point
            values = dict(self.average.module.named_parameters())
            return {key: values[key.replace(".", "_")].detach().numpy().copy() for key in self.tensors}

    return from_torch(lambda hyper, groups, _: wrapped_base(hyper, groups, name), Step)
