"""Training steps of the usual recipe in PyTorch, for engine.ts: asked with a line "CASE PRECISION COUNT", it answers with their seconds.

Usage: torch_steps.py THREADS FOLDER [SENTENCES]
FOLDER gets the random models that both sides load (unless they are there); SENTENCES is a JSON list of {ids, label} for the cases "padded"
and "grouped". A step is forward, backward, clipping at norm 1 and a fused AdamW update.
PRECISION: float32, or bfloat16 by autocast. "memory" as a case answers with the most resident memory in bytes.
"""

import json
import pathlib
import random
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, DistilBertConfig, GPT2Config

threads, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
sentences = json.loads(pathlib.Path(sys.argv[3]).read_text()) if len(sys.argv) > 3 else []
torch.set_num_threads(threads)
torch.manual_seed(0)
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


def make(name, build):
    if not (folder / name / "config.json").exists():
        build().save_pretrained(folder / name)


make("distilbert", lambda: AutoModelForSequenceClassification.from_config(DistilBertConfig(num_labels=2)))
make("gpt2", lambda: AutoModelForCausalLM.from_config(GPT2Config()))
loaded = {}


def setup(name):
    """The model of a case with its optimizer, loaded once."""
    if name not in loaded:
        if name == "gpt2":
            from peft import LoraConfig, get_peft_model

            base = AutoModelForCausalLM.from_pretrained(folder / name, dtype=torch.float32)
            model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16, target_modules=["c_attn"], fan_in_fan_out=True, task_type="CAUSAL_LM"))
        else:
            model = AutoModelForSequenceClassification.from_pretrained(folder / name, num_labels=2, dtype=torch.float32)
        trained = [p for p in model.parameters() if p.requires_grad]
        loaded[name] = model.train(), trained, torch.optim.AdamW(trained, lr=1e-5, fused=True)
    return loaded[name]


def step(name, inputs, precision):
    model, trained, optimizer = setup(name)
    begin = time.perf_counter()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
        loss = model(**inputs).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    loss.item()
    return time.perf_counter() - begin


def dense(name, batch, length):
    vocabulary = setup(name)[0].config.vocab_size
    ids = torch.randint(1000, vocabulary, (batch, length))
    labels = ids if name == "gpt2" else torch.randint(0, 2, (batch,))
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": labels}


def padded(rows):
    longest = max(len(row["ids"]) for row in rows)
    ids = torch.tensor([row["ids"] + [0] * (longest - len(row["ids"])) for row in rows])
    mask = torch.tensor([[1] * len(row["ids"]) + [0] * (longest - len(row["ids"])) for row in rows])
    return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor([row["label"] for row in rows])}


def batches(case):
    """Batches of 32: as they come in a shuffle, or, as transformers groups them, sorted by length within fifty batches of it."""
    order = list(range(len(sentences)))
    random.Random(1).shuffle(order)
    if case == "grouped":
        large = 32 * 50
        order = [i for at in range(0, len(order), large) for i in sorted(order[at : at + large], key=lambda i: -len(sentences[i]["ids"]))]
    cut = [order[at : at + 32] for at in range(0, len(order), 32)]
    random.Random(2).shuffle(cut)
    while True:
        for rows in cut:
            yield padded([sentences[i] for i in rows])


streams = {}


def run(case, precision):
    if case in ("padded", "grouped"):
        streams.setdefault(case, batches(case))
        return step("minilm", next(streams[case]), precision)
    name, shape = case.split(":")
    return step(name, dense(name, *map(int, shape.split("x"))), precision)


print(json.dumps({"peers": [torch.__version__, transformers.__version__]}), flush=True)
for line in sys.stdin:
    case, precision, count = line.split()
    if case == "memory":
        print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]), flush=True)
    else:
        print(json.dumps([run(case, precision) for _ in range(int(count))]), flush=True)
