"""Averaged SGD: Polyak and Juditsky, 1992, as torch.optim.ASGD has it but for the lag of its schedules. torch computes what a step moves by
at the end of the step before, from that step's learning rate; here it is this step's, as everywhere else."""

from .moments import decay_of


def make(hyper, start, decayed, scales):
    average = {name: value.copy() for name, value in start.items()}

    def step(point, gradients, t, context):
        lr = hyper["learning_rate"] * context.factor
        eta = lr / (1 + hyper["lambd"] * lr * (t - 1)) ** hyper["alpha"]
        share = 1 / max(1, t - 1 - hyper["t0"])
        for name, p in point.items():
            g = gradients[name] + decay_of(hyper, decayed, name) * p
            point[name] = p * (1 - hyper["lambd"] * eta) - eta * g
            average[name] = average[name] + share * (point[name] - average[name])
        return point

    step.evaluation = lambda point: average
    return step
