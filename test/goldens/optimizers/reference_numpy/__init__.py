"""Optimizers written out in numpy float64, each from its paper and official code, where no library computes them in float64."""
