"""Makes the goldens that the engine is compared with: PyTorch and transformers on the same weights and texts.

Usage: python make_goldens.py MINILM_FOLDER     (the folder of all-MiniLM-L6-v2; needs torch, transformers, tokenizers, safetensors)

Writes beside this file, under goldens/:
  tiny-FAMILY/                       for bert, distilbert and roberta: a random model of 2 layers with its own tokenizer (weights of standard
                                     deviation 0.3)
  tiny-FAMILY.json                   token ids, logits and loss of a few texts and pairs; versions of the libraries
  tiny-FAMILY-gradients.safetensors  the loss's gradient for every parameter
  tiny-FAMILY-adamw.json             30 steps of AdamW without dropout: loss and gradient norm of each
  minilm.json                      token ids and logits of MiniLM under a seeded head, and the head
"""

import json
import pathlib
import sys

import numpy
import torch
import transformers
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AutoModelForSequenceClassification,
    BertConfig,
    BertModel,
    DistilBertConfig,
    PreTrainedTokenizerFast,
    RobertaConfig,
)

torch.set_num_threads(2)
here = pathlib.Path(__file__).parent / "goldens"
versions = {"torch": torch.__version__, "transformers": transformers.__version__, "numpy": numpy.__version__}
sentences = [
    ("a good film with a warm heart", None, 1),
    ("not good at all", None, 0),
    ("the plot is thin and slow", None, 0),
    ("Great!", None, 1),
    ("the cast is great , the story is not", "a film of two halves", 0),
    ("warm", "heart", 1),
    ("one of the best films of this year", None, 1),
    ("a bad , bad movie that is slow and thin and not worth the time you give it", "worth the time ?", 0),
    ("zebra quiz", None, 0),
    ("the story of a year in a slow town is told with great care", "told with care", 1),
    ("it is what it is", None, 0),
    ("best of the year", None, 1),
]
words = (
    "a and all at bad best care cast film films give good great halves heart in is it movie not of one plot slow story that the "
    "thin this time to told town two warm what with worth year you , . ! ?"
).split()


def tiny_tokenizer():
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *letters, *("##" + c for c in letters)]
    vocab = {token: index for index, token in enumerate(dict.fromkeys(tokens))}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])],
    )
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **special)


def is_gain(name):
    return name.endswith("LayerNorm.weight") or name.endswith("layer_norm.weight")


def byte_level_tokenizer():
    """RoBERTa's kind: pieces of bytes, spaces belonging to the word after them; no types."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator([text for row in sentences for text in row[:2] if text], trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    names = {"bos_token": "<s>", "cls_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>", "eos_token": "</s>", "unk_token": "<unk>", "mask_token": "<mask>"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **names)


def tiny_config(family, vocabulary):
    if family == "distilbert":
        return DistilBertConfig(vocab_size=vocabulary, dim=32, n_layers=2, n_heads=4, hidden_dim=64, max_position_embeddings=64, num_labels=2)
    shared = dict(vocab_size=vocabulary, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, num_labels=2)
    if family == "roberta":
        return RobertaConfig(**shared, max_position_embeddings=66, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0, eos_token_id=2)
    return BertConfig(**shared, max_position_embeddings=64, type_vocab_size=2)


def tiny_model(config):
    model = AutoModelForSequenceClassification.from_config(config)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.1 * noise if is_gain(name) else 0.3 * noise)
    return model.eval()


def encode(tokenizer, rows, max_length):
    pairs = [(text, pair) for text, pair, _ in rows]
    return [
        tokenizer(text, pair, truncation="longest_first", max_length=max_length, return_token_type_ids=True) for text, pair in pairs
    ]


def pad(encodings, padding=0):
    longest = max(len(e["input_ids"]) for e in encodings)
    row = lambda e, key, value=0: e[key] + [value] * (longest - len(e["input_ids"]))
    values = {"input_ids": padding, "attention_mask": 0, "token_type_ids": 0}
    return {key: torch.tensor([row(e, key, value) for e in encodings]) for key, value in values.items()}


def inputs(family, encodings):
    """What the family's model takes: DistilBERT knows no types, RoBERTa finds positions by its padding."""
    padded = pad(encodings, 1 if family == "roberta" else 0)
    return {key: value for key, value in padded.items() if not (family == "distilbert" and key == "token_type_ids")}


def row_record(row, encoding, logits):
    text, pair, label = row
    record = {"text": text, "label": label, "ids": encoding["input_ids"], "types": encoding["token_type_ids"], "logits": logits}
    return record if pair is None else {**record, "textPair": pair}


def write(name, value):
    (here / name).write_text(json.dumps(value, indent=None, separators=(",", ":")).replace('{"text"', '\n{"text"') + "\n")


def make_tiny(family):
    tokenizer = byte_level_tokenizer() if family == "roberta" else tiny_tokenizer()
    model = tiny_model(tiny_config(family, len(tokenizer)))
    name = f"tiny-{family}"
    model.save_pretrained(here / name)
    tokenizer.save_pretrained(here / name)
    encodings = encode(tokenizer, sentences, 16)
    if family != "bert":
        for encoding in encodings:
            encoding["token_type_ids"] = [0] * len(encoding["input_ids"])
    output = model(**inputs(family, encodings), labels=torch.tensor([label for _, _, label in sentences]))
    output.loss.backward()
    save_file({key: p.grad.contiguous() for key, p in model.named_parameters()}, here / f"{name}-gradients.safetensors")
    rows = [row_record(r, e, l) for r, e, l in zip(sentences, encodings, output.logits.tolist())]
    write(f"{name}.json", {"versions": versions, "maxLength": 16, "loss": output.loss.item(), "rows": rows})
    make_adamw(family, encodings, model)


def make_adamw(family, encodings, model):
    recipe = {"learningRate": 5e-4, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01, "maxGradNorm": 1.0, "batchSize": 4}
    # In double precision: small gradients make float32 runs drift apart by more than the tolerance within 30 steps.
    model = model.double()
    bare = lambda name: name.endswith(".bias") or "LayerNorm" in name or "layer_norm" in name
    groups = [
        {"params": [p for n, p in model.named_parameters() if not bare(n)], "weight_decay": recipe["weightDecay"]},
        {"params": [p for n, p in model.named_parameters() if bare(n)], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=recipe["learningRate"], betas=(0.9, 0.999), eps=recipe["epsilon"])
    steps = []
    for step in range(30):
        rows = [(4 * step + i) % len(sentences) for i in range(4)]
        labels = torch.tensor([sentences[i][2] for i in rows])
        loss = model(**inputs(family, [encodings[i] for i in rows]), labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["maxGradNorm"])
        optimizer.step()
        steps.append({"rows": rows, "loss": loss.item(), "gradNorm": norm.item()})
    write(f"tiny-{family}-adamw.json", {"versions": versions, "recipe": recipe, "steps": steps})


def make_minilm(folder):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = BertModel.from_pretrained(folder, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(11)
    # The released pooler is close to zero, so the head is large: logits of order 1.
    weight = torch.randn(3, model.config.hidden_size, generator=generator)
    bias = torch.randn(3, generator=generator)
    rows = [*sentences, ("", None, 0), ("Crème brûlée, naïve café: 数学 & <b>tags</b>!", None, 1), ("don't   stop\tbelieving\n", "It's 1.5x faster", 0),
            ("a very long sentence " * 12, "with an even longer second text " * 10, 1)]
    encodings = encode(tokenizer, rows, 64)
    for e in encodings:
        keep = sum(e["attention_mask"])
        for key in ("input_ids", "token_type_ids", "attention_mask"):
            e[key] = e[key][:keep]
    with torch.no_grad():
        logits = model(**pad(encodings)).pooler_output @ weight.T + bias
    records = [row_record(r, e, l) for r, e, l in zip(rows, encodings, logits.tolist())]
    head = {"weight": weight.tolist(), "bias": bias.tolist()}
    write("minilm.json", {"versions": versions, "maxLength": 64, "head": head, "rows": records})


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    here.mkdir(exist_ok=True)
    for family in ("bert", "distilbert", "roberta"):
        make_tiny(family)
    make_minilm(sys.argv[1])
