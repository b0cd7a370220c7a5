"""The usual recipe in transformers + torch, to hold Stepwire's against: one seed, one JSON line.

Usage: sst2_transformers.py MODEL_FOLDER TRAIN_TSV DEV_TSV SEED EPOCHS THREADS
TRAIN_TSV holds exactly the rows to train on. Recipe: AdamW 5e-5, decay 0.01 except on biases and norms, linear schedule with 6% warm-up,
clip 1, batch 32, dropout as in config.json, sentences of a batch padded to the longest.
"""
import json, math, resource, sys, time

import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup, set_seed

folder, train_path, dev_path, seed, epochs, threads = *sys.argv[1:4], *(int(a) for a in sys.argv[4:7])
torch.set_num_threads(threads)


def read(path):
    lines = open(path, encoding="utf-8").read().split("\n")[1:]
    return [(text, int(label)) for text, label in (line.rsplit("\t", 1) for line in lines if line)]


train, dev = read(train_path), read(dev_path)
set_seed(seed)
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2)


def batch_of(rows):
    x = tokenizer([text for text, _ in rows], padding="longest", truncation=True, max_length=128, return_tensors="pt")
    return x, torch.tensor([label for _, label in rows])


decayed, plain = [], []
for name, parameter in model.named_parameters():
    (plain if name.endswith("bias") or "LayerNorm" in name else decayed).append(parameter)
optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=5e-5)
total = epochs * math.ceil(len(train) / 32)
schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(0.06 * total), total)

started = time.time()
for epoch in range(epochs):
    model.train()
    order = torch.randperm(len(train)).tolist()
    for at in range(0, len(order), 32):
        x, y = batch_of([train[i] for i in order[at : at + 32]])
        loss = torch.nn.functional.cross_entropy(model(**x).logits, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
seconds = time.time() - started

model.eval()
correct = 0
with torch.no_grad():
    for at in range(0, len(dev), 32):
        x, y = batch_of(dev[at : at + 32])
        correct += int((model(**x).logits.argmax(-1) == y).sum())
print(
    json.dumps(
        {
            "seed": seed,
            "correct": correct,
            "examples": len(dev),
            "accuracy": correct / len(dev),
            "train_seconds": round(seconds, 1),
            "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        }
    )
)
