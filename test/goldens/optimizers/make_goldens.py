"""Makes optimizers.json and schedules.json beside itself: what the public optimizers and schedules do, in float64.

Usage: pip install -r requirements.txt && python make_goldens.py
"""

import json
import pathlib
from importlib.metadata import version

import numpy

import library_runs
import peer_runs
import torch_runs
import wrapper_peers
from defaults import ABLATIONS, DEFAULTS
from problems import PROBLEMS, THREE
from reference_numpy import adabound, adam_mini, ademamix, asgd, composed, muon, soap, sophia_g
from run_oracle import difference, follow
from schedules import schedule_runs, warmed_up
from settings import SCALED, SCALES, SETTINGS, WRAPPED, WRAPPERS, problems_of, scheduled
from wrappers import lookahead, wrap

FOLDER = pathlib.Path(__file__).parent
TOLERANCE = 1e-9
# where rounding is amplified: eigenvectors of nearly singular matrices; the distance from the start, at first less than 1e-5 of the
# parameters; parameters of 1e-7 that were 1
LOOSER = {"soap": 1e-7, "prodigy": 1e-6, "rprop": 1e-7}
# runs that a reader could not repeat to TOLERANCE, and peers that do not agree
FAULTS = []
PACKAGES = [
    *("torch", "transformers", "numpy", "jax", "optax", "timm", "pytorch_optimizer", "schedulefree", "prodigyopt", "dadaptation"),
    *("adabelief-pytorch", "adabound", "torch-optimi", "adam-mini"),
]


def around(base):
    """lookahead-adamw and ranger: torch's optimizer with the numpy slow weights."""

    def make(hyper, start, decayed, scales):
        inner = {key: value for key, value in hyper.items() if not key.startswith("lookahead")}
        options = {"steps": hyper["lookahead_steps"], "alpha": hyper["lookahead_alpha"]}
        return lookahead(torch_runs.RUNS[base][0], options)(inner, start, decayed, scales)

    return make


def undecayed(given, wrappers):
    """No decay around schedule_free: the library's wrapper decays z, its optimizers (and ours) y; schedule-free-adamw and -sgd have it."""
    return {**given, "weight_decay": 0.0} if wrappers[0]["name"] == "schedule_free" else given


NUMPY = "numpy form"
RUNS = {
    **torch_runs.RUNS,
    **library_runs.RUNS,
    "adabound": (adabound.make, NUMPY),
    "amsbound": (adabound.make_ams, NUMPY),
    "ademamix": (ademamix.make, NUMPY),
    "muon": (muon.make, NUMPY),
    "soap": (soap.make, NUMPY),
    "sophia-g": (sophia_g.make, NUMPY),
    "adam-mini": (adam_mini.make, NUMPY),
    "lookahead-adamw": (around("adamw"), f"{torch_runs.TORCH}, numpy wrapper"),
    "ranger": (around("radam"), f"{torch_runs.TORCH}, numpy wrapper"),
    "enhanced": (composed.enhanced, NUMPY),
    "integrated": (composed.integrated(), NUMPY),
    **{f"integrated-without-{element}": (composed.integrated((element,)), NUMPY) for element in ABLATIONS},
}
# in the place of those of RUNS under a schedule
RUNS_UNDER_SCHEDULE = {
    "asgd": (asgd.make, NUMPY),
    "rprop": (torch_runs.from_torch(torch_runs.rprop, torch_runs.PeakStep), f"{torch_runs.TORCH} at the peak rate"),
}
SCHEDULE = warmed_up()


def listed(samples):
    return {t: {name: value.flatten().tolist() for name, value in values.items()} for t, values in samples.items()}


def compare(peer, hyper, problem, expected, scales, factors):
    """The run's record of a peer, which must agree within its bound."""
    other, name, bound = peer
    samples, evaluation = follow(other, hyper, problem, scales, factors=factors)
    found = difference(samples, expected[0])
    if evaluation:
        found = max(found, difference(evaluation, expected[1]))
    if found > bound:
        FAULTS.append(f"{name} differs by {found} on {problem} with {hyper}")
    package, number, *rest = name.split(" ")
    return {"name": " ".join([package, *rest]), "version": number, "maxRelativeDifference": float(f"{found:.2g}")}


def run(name, given, problem, wrappers=(), scales=None, schedule=None):
    make, oracle = RUNS_UNDER_SCHEDULE.get(name, RUNS[name]) if schedule else RUNS[name]
    factors = schedule and schedule["factors"]
    make = wrap(make, wrappers)
    hyper = {**DEFAULTS[name], **given}
    samples, evaluation = follow(make, hyper, problem, scales, factors=factors)
    shaken = follow(make, hyper, problem, scales, noise=2e-16, factors=factors)
    sensitivity = max(difference(shaken[0], samples), difference(shaken[1], evaluation) if evaluation else 0)
    tolerance = TOLERANCE if sensitivity < TOLERANCE / 10 else LOOSER.get(name, TOLERANCE)
    if sensitivity > tolerance / 10:
        FAULTS.append(f"{name} on {problem} with {given} and {wrappers} amplifies rounding to {sensitivity}")
    record = {"optimizer": name, "hyperparameters": given, "problem": problem}
    if wrappers:
        record["wrappers"] = wrappers
        oracle += ", numpy wrapper"
    if scales:
        record["learningRateScales"] = scales
    if schedule:
        record["scheduled"] = True
    record |= {"oracle": oracle, "tolerance": tolerance}
    peer = wrapper_peers.wrapper_peer(name, wrappers) if wrappers else peer_runs.peer(name, hyper)
    if peer:
        record["peer"] = compare(peer, hyper, problem, (samples, evaluation), scales, factors)
    published = None if wrappers else peer_runs.published(name)
    if published:
        lower = follow(published[0], hyper, problem, factors=factors)[0]
        record["peer"]["asPublished"] = float(f"{difference(lower, samples):.2g}")
    record["samples"] = listed(samples)
    if evaluation:
        record["evaluation"] = listed(evaluation)
    print(f"{name:28} {problem:10} rounding {sensitivity:.1e}", record.get("peer", ""), flush=True)
    return record


def scales_of(name, problem):
    """The integrated method has layer-wise decay unless that is left out."""
    return SCALES[problem] if name.startswith("integrated") and name != "integrated-without-layer-decay" else None


def check_ablations():
    """With all but one element left out, integrated is a public optimizer; with all left out it is adamw."""
    hyper = {**DEFAULTS["integrated"], "learning_rate": 0.02, "weight_decay": 0.1}
    for problem in THREE:
        plain = follow(composed.integrated(ABLATIONS), hyper, problem)[0]
        adamw = {key: hyper[key] for key in ("learning_rate", "weight_decay", "beta1", "beta2", "epsilon")}
        assert difference(plain, follow(torch_runs.RUNS["adamw"][0], adamw, problem)[0]) < 1e-10
        bounded = follow(composed.integrated([e for e in ABLATIONS if e != "bounds"]), hyper, problem)[0]
        same = follow(composed.enhanced, {**hyper, "idea": "bounds"}, problem)[0]
        assert difference(bounded, same) < 1e-12
        clipped = follow(composed.integrated([e for e in ABLATIONS if e != "trust"]), hyper, problem)[0]
        lamb = library_runs.simple(library_runs.timm.optim.Lamb, tuples=library_runs.betas(), max_grad_norm=None, trust_clip=True)
        assert difference(clipped, follow(lamb, adamw, problem)[0]) < 1e-10


def check_asgd():
    """At a constant learning rate the numpy form takes torch's steps."""
    for given in SETTINGS["asgd"]:
        hyper = {**DEFAULTS["asgd"], **given}
        for problem in THREE:
            expected, actual = (follow(make, hyper, problem) for make in (torch_runs.RUNS["asgd"][0], asgd.make))
            assert all(difference(*pair) < 1e-12 for pair in zip(actual, expected))


def write(name, value):
    text = json.dumps(value, separators=(",", ":"))
    for first in ('{"optimizer"', '{"schedule"'):
        text = text.replace(first, "\n" + first)
    (FOLDER / name).write_text(text + "\n")


def main():
    versions = {package: version(package) for package in PACKAGES}
    check_ablations()
    check_asgd()
    runs = [
        run(name, given, problem, scales=scales_of(name, problem))
        for name, settings in SETTINGS.items()
        for given in settings
        for problem in problems_of(name, {**DEFAULTS[name], **given})
    ]
    runs += [run(name, given, problem, scales=SCALES[problem]) for name, given in SCALED for problem in THREE]
    runs += [run(name, undecayed(given, wrappers), problem, wrappers) for wrappers in WRAPPERS for name, given in WRAPPED for problem in THREE]
    runs += [
        run(name, given, "network", scales=scales_of(name, "network"), schedule=SCHEDULE) for name in SETTINGS for given in scheduled(name)
    ]
    name, given = WRAPPED[0]
    runs += [run(name, undecayed(given, wrappers), "network", wrappers, schedule=SCHEDULE) for wrappers in WRAPPERS]
    if FAULTS:
        raise SystemExit("\n".join(FAULTS))
    problems = {
        name: {"data": data, "start": {key: numpy.asarray(value).flatten().tolist() for key, value in start.items()}}
        for name, (data, start, _) in PROBLEMS.items()
    }
    write("optimizers.json", {"versions": versions, "defaults": DEFAULTS, "problems": problems, "schedule": SCHEDULE, "runs": runs})
    write("schedules.json", {"versions": versions, "runs": schedule_runs()})


if __name__ == "__main__":
    main()
