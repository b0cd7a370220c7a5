"""Muon for matrices, AdamW for the rest. Jordan et al., 2024; torch.optim.Muon without its cast to bfloat16."""

import math

import numpy

from .moments import decay_of, ema, zeros

A, B, C = 3.4445, -4.7750, 2.0315


def orthogonalized(g, steps, epsilon):
    """Newton-Schulz: the singular values of g go towards 1. [rows, columns]"""
    x = g.T if g.shape[0] > g.shape[1] else g
    x = x / max(numpy.sqrt((x * x).sum()), epsilon)
    for _ in range(steps):
        gram = x @ x.T
        x = A * x + (B * gram + C * gram @ gram) @ x
    return x.T if g.shape[0] > g.shape[1] else x


def ratio(kind, rows, columns):
    return {"original": math.sqrt(max(1, rows / columns)), "match_rms_adamw": 0.2 * math.sqrt(max(rows, columns))}[kind]


def make(hyper, start, decayed, scales):
    m, v = zeros(start), zeros(start)
    b1, b2, mu = hyper["beta1"], hyper["beta2"], hyper["momentum"]

    def step(point, gradients, t, context):
        for name, p in point.items():
            g, decay = gradients[name], decay_of(hyper, decayed, name)
            if p.ndim == 2:
                lr = hyper["learning_rate"] * context.factor
                m[name] = ema(m[name], g, mu)
                u = ema(g, m[name], 1 - mu) if hyper["nesterov"] else m[name]
                change = ratio(hyper["adjust_learning_rate"], *p.shape) * orthogonalized(u, hyper["ns_steps"], hyper["epsilon"])
            else:
                lr = hyper["other_learning_rate"] * context.factor
                m[name], v[name] = ema(m[name], g, b1), ema(v[name], g * g, b2)
                change = m[name] / (1 - b1**t) / (numpy.sqrt(v[name] / (1 - b2**t)) + hyper["other_epsilon"])
            point[name] = p * (1 - lr * decay) - lr * change
        return point

    return step
