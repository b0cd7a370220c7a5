"""Opens a folder that writeExport.ts wrote in transformers and compares the logits with the engine's.

Usage: python check_export.py FOLDER     exits 1 when a logit differs by 1e-4 or more
"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder = pathlib.Path(sys.argv[1])
golden = json.loads((folder / "predictions.json").read_text())
tokenizer = AutoTokenizer.from_pretrained(folder)
model, loading = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
model.eval()
unused = {key: sorted(value) for key, value in loading.items() if value}
print(type(model).__name__, model.config.id2label, "loading:", unused or "every tensor used, none missing")
worst = 0.0
for row in golden["rows"]:
    pair = [row["textPair"]] if "textPair" in row else []
    inputs = tokenizer(row["text"], *pair, truncation="longest_first", max_length=golden["maxLength"], return_token_type_ids=True, return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits[0]
    worst = max(worst, (logits - torch.tensor(row["logits"])).abs().max().item())
print(f"{len(golden['rows'])} texts, greatest difference of a logit {worst:.2e}")
sys.exit(1 if unused or worst >= 1e-4 else 0)
