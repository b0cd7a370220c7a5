"""Opens the folders that writeExports.ts wrote in transformers and peft, and compares what they predict with the engine's predictions.

Usage: python check_exports.py FOLDER     exits 1 when a folder does not open, or a number differs by 1e-4 of the scale or more
"""

import json
import pathlib
import sys

import torch
import transformers
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
root = pathlib.Path(sys.argv[1])


def completion(tokenizer, config, row, max_length):
    """The ids that a completion is read as, and how many of them are predicted."""
    end = config.eos_token_id[0] if isinstance(config.eos_token_id, list) else config.eos_token_id
    opening = tokenizer("")["input_ids"]
    first = tokenizer(row["text"], add_special_tokens=False)["input_ids"]
    second = tokenizer(row["textPair"], add_special_tokens=False)["input_ids"] + [end]
    room = max_length - len(opening)
    kept = min(len(second), max(room - len(first), room // 2))
    first = first[max(0, len(first) - (room - kept)) :]
    ids = opening + first + second[:kept]
    return ids, min(kept, len(ids) - 1)


def predict(model, tokenizer, golden):
    values = []
    for row in golden["rows"]:
        if golden["task"] == "causal_lm":
            ids, predicted = completion(tokenizer, model.config, row, golden["maxLength"])
            logits = model(input_ids=torch.tensor([ids])).logits[0]
            values += torch.nn.functional.cross_entropy(logits[:-1], torch.tensor(ids[1:]), reduction="none")[-predicted:].tolist()
        else:
            pair = [row["textPair"]] if "textPair" in row else []
            inputs = tokenizer(row["text"], *pair, truncation="longest_first", max_length=golden["maxLength"], return_token_type_ids=True, return_tensors="pt")
            accepted = {key: value for key, value in inputs.items() if key != "token_type_ids" or model.config.model_type == "bert"}
            values += model(**accepted).logits[0].tolist()
    return values


def difference(values, golden):
    expected = [value for row in golden["rows"] for value in row["losses" if golden["task"] == "causal_lm" else "logits"]]
    if len(values) != len(expected):
        return f"{len(values)} numbers, {len(expected)} expected"
    return max(abs(a - b) for a, b in zip(values, expected)) / max(abs(b) for b in expected)


failed = 0
for folder in sorted(path.parent for path in root.glob("*/predictions.json")):
    golden = json.loads((folder / "predictions.json").read_text())
    auto = AutoModelForCausalLM if golden["task"] == "causal_lm" else AutoModelForSequenceClassification
    tokenizer = AutoTokenizer.from_pretrained(folder)
    found = {}
    with torch.no_grad():
        model, loading = auto.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
        found["model"] = difference(predict(model.eval(), tokenizer, golden), golden)
        unused = {key: sorted(value) for key, value in loading.items() if value}
        if golden["hasAdapter"]:
            labels = {} if golden["task"] == "causal_lm" else {"num_labels": model.config.num_labels}
            base = auto.from_pretrained(golden["source"], dtype=torch.float32, ignore_mismatched_sizes=True, **labels)
            adapted = PeftModel.from_pretrained(base, folder / "adapter").eval()
            adapted.config.pad_token_id = model.config.pad_token_id
            found["adapter"] = difference(predict(adapted, tokenizer, golden), golden)
    fine = not unused and all(isinstance(value, float) and value < 1e-4 for value in found.values())
    failed += not fine
    shown = ", ".join(f"{key} {value:.1e}" if isinstance(value, float) else f"{key}: {value}" for key, value in found.items())
    print(f"{'ok' if fine else 'FAILED':6} {golden['name']:28} {type(model).__name__:36} greatest difference: {shown} {unused or ''}")
print(f"{failed} failed")
sys.exit(1 if failed else 0)
