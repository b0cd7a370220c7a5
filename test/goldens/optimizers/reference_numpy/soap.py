"""SOAP: Adam in the eigenbasis of Shampoo's preconditioner. Vyas et al., 2024, arXiv:2409.11321, and the official code's order: the first
step only makes the eigenbases; the decay comes after the update; the preconditioner after that."""

import numpy

from .moments import decay_of, ema, zeros


def eigenbasis(matrix):
    """Orthonormal columns by descending eigenvalue."""
    _, vectors = numpy.linalg.eigh(matrix + 1e-30 * numpy.eye(len(matrix)))
    return vectors[:, ::-1]


def refreshed(matrix, basis):
    """One step of orthogonal iteration, and the order of the old columns by their estimated eigenvalue."""
    product = matrix @ basis
    order = numpy.argsort(-(basis * product).sum(0), kind="stable")
    return numpy.linalg.qr(product[:, order])[0], order


def make(hyper, start, decayed, scales):
    m, v = zeros(start), zeros(start)
    b1, b2 = hyper["beta1"], hyper["beta2"]
    kept = hyper["shampoo_beta"] or b2
    # by matrix: per side the statistics and the basis, or None for a side that is too long
    sides = {}

    def outer(g, side):
        return g @ g.T if side == 0 else g.T @ g

    def rotated(name, x):
        left, right = bases(name)
        return left.T @ x @ right

    def bases(name):
        return [numpy.eye(size) if pair is None else pair[1] for size, pair in zip(start[name].shape, sides[name])]

    def begin(name, g):
        sides[name] = [None, None]
        for side, size in enumerate(g.shape):
            if size <= hyper["max_precondition_size"]:
                statistics = (1 - kept) * outer(g, side)
                sides[name][side] = [statistics, eigenbasis(statistics)]

    def update_sides(name, g, k):
        for side, pair in enumerate(sides[name]):
            if pair is None:
                continue
            pair[0] = ema(pair[0], outer(g, side), kept)
            if k % hyper["precondition_frequency"] == 0:
                pair[1], order = refreshed(*pair)
                v[name] = numpy.take(v[name], order, axis=side)

    def step(point, gradients, t, context):
        k, lr = t - 1, hyper["learning_rate"] * context.factor
        for name, p in point.items():
            g = gradients[name]
            if k == 0:
                if p.ndim == 2:
                    begin(name, g)
                continue
            m[name] = ema(m[name], g, b1)
            if p.ndim == 2:
                v[name] = ema(v[name], rotated(name, g) ** 2, b2)
                left, right = bases(name)
                u = left @ (rotated(name, m[name]) / (numpy.sqrt(v[name]) + hyper["epsilon"])) @ right.T
            else:
                v[name] = ema(v[name], g * g, b2)
                u = m[name] / (numpy.sqrt(v[name]) + hyper["epsilon"])
            updated = p - lr * numpy.sqrt(1 - b2**k) / (1 - b1**k) * u
            point[name] = updated * (1 - lr * decay_of(hyper, decayed, name))
            if p.ndim == 2:
                update_sides(name, g, k)
        return point

    return step
