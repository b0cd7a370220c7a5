"""Shared by the forms of this folder."""

import numpy


def ema(old, value, kept):
    """The moving average that keeps the share `kept` of the old value."""
    return kept * old + (1 - kept) * value


def zeros(start):
    return {name: numpy.zeros_like(value) for name, value in start.items()}


def decay_of(hyper, decayed, name):
    return hyper["weight_decay"] if decayed[name] else 0.0
