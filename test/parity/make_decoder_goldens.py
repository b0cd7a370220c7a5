"""Makes the goldens of decoders and of adapters: PyTorch, transformers and peft on the same weights and texts.

Usage: python make_decoder_goldens.py     (needs torch, transformers, tokenizers, safetensors, peft; tiny-bert of make_goldens.py)

Writes beside this file, under goldens/, for gpt2, llama and qwen2:
  tiny-FAMILY/                                a random model of 2 layers with its own tokenizer (weights of standard deviation 0.3)
  tiny-FAMILY-causal.json                     token ids of prompts with completions, the loss of each completion's tokens, all logits of the
                                              first; 30 steps of AdamW without dropout
  tiny-FAMILY-causal-gradients.safetensors    gradients of the mean loss over all completion tokens
  tiny-FAMILY-classifier.json                 a seeded head for 3 classes; token ids, logits, loss
  tiny-FAMILY-classifier-gradients.safetensors
and for adapters on gpt2 (c_attn), llama (q_proj, v_proj; rsLoRA) and bert (query, value, and the classifier whole):
  tiny-FAMILY-lora/                           the adapter as peft writes it
  tiny-FAMILY-lora.json                       loss, logits, logits of the merged model, 30 steps of AdamW
  tiny-FAMILY-lora-gradients.safetensors
"""

import json
import pathlib
import shutil

import peft
import torch
import transformers
from make_goldens import encode, inputs, sentences
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    GPT2Config,
    LlamaConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
)

torch.set_num_threads(2)
here = pathlib.Path(__file__).parent / "goldens"
versions = {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__}
prompts = [
    ("the film is", " a good film with a warm heart"),
    ("is it good ?", " not good at all"),
    ("the plot", " is thin and slow , and the cast is great"),
    ("Great!", "!"),
    ("one of the best films of this year was made in", " a slow town"),
    ("a bad , bad movie that is slow and thin and not worth the time you give it :", " worth the time ?"),
    ("naïve café", " crème brûlée 数学"),
    ("w", " the story of a year in a slow town is told with great care , and it is what it is"),
]
recipe = {"learningRate": 5e-4, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01, "maxGradNorm": 1.0}
steps = 30


def tokenizer_of(family):
    """Pieces of bytes. Llama's puts a token before each text, the others none."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "</s>", "<pad>"]
    trainer = trainers.BpeTrainer(vocab_size=330, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator([text for row in sentences for text in row[:2] if text], trainer)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    if family == "llama":
        frame = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 0)])
        tokenizer.post_processor = processors.Sequence([tokenizer.post_processor, frame])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, bos_token="<s>", eos_token="</s>", pad_token="<pad>")


def config_of(family, vocabulary):
    tokens = dict(bos_token_id=0, eos_token_id=1, pad_token_id=2)
    if family == "gpt2":
        return GPT2Config(vocab_size=vocabulary, n_positions=64, n_embd=24, n_layer=2, n_head=4, **tokens)
    shared = dict(vocab_size=vocabulary, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=40,
                  max_position_embeddings=64, **tokens)
    if family == "qwen2":
        return Qwen2Config(**shared, num_key_value_heads=1, rope_parameters={"rope_type": "default", "rope_theta": 50.0},
                           tie_word_embeddings=True)
    rope = {"rope_type": "llama3", "rope_theta": 100.0, "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32}
    return LlamaConfig(**shared, num_key_value_heads=2, head_dim=8, rope_parameters=rope, tie_word_embeddings=False)


def is_gain(name):
    return ".ln_" in name and name.endswith("weight") or "norm" in name and name.endswith("weight")


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.3 * noise if is_gain(name) else 0.3 * noise)
    return model.eval()


def write(name, value):
    (here / name).write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace('{"text"', '\n{"text"').replace('{"prompt"', '\n{"prompt"') + "\n")


def save_gradients(name, model, only=None):
    gradients = {key: p.grad.contiguous() for key, p in model.named_parameters() if p.grad is not None and (only is None or only(key))}
    save_file(gradients, here / f"{name}-gradients.safetensors")


def train(model, loss_of):
    """
    In double precision: small gradients make float32 runs drift apart by 5e-5 within 30 steps. RMSNorm and softmax of Llama and Qwen2 stay in
    float32 inside transformers; gradient norms are then up to 1.5e-6 from those of an all-double run at this learning rate.
    """
    model = model.double()
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=recipe["learningRate"], betas=(0.9, 0.999), eps=recipe["epsilon"], weight_decay=recipe["weightDecay"])
    taken = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(model)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, recipe["maxGradNorm"])
        optimizer.step()
        taken.append({"loss": loss.item(), "gradNorm": norm.item()})
    return taken


class Completions:
    """Prompts with completions as one padded batch; labels of prompts and padding are -100."""

    def __init__(self, tokenizer):
        self.rows = []
        for prompt, completion in prompts:
            first = tokenizer(prompt)["input_ids"]
            second = tokenizer(completion, add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
            self.rows.append((prompt, completion, first + second, len(first)))
        longest = max(len(ids) for _, _, ids, _ in self.rows)
        fill = lambda values, value: values + [value] * (longest - len(values))
        self.batch = {
            "input_ids": torch.tensor([fill(ids, tokenizer.pad_token_id) for _, _, ids, _ in self.rows]),
            "attention_mask": torch.tensor([fill([1] * len(ids), 0) for _, _, ids, _ in self.rows]),
        }
        self.labels = torch.tensor([fill([-100] * begin + ids[begin:], -100) for _, _, ids, begin in self.rows])

    def losses(self, model):
        """Of every completion token, row by row, and the logits."""
        logits = model(**self.batch).logits
        losses = torch.nn.functional.cross_entropy(logits[:, :-1].transpose(1, 2), self.labels[:, 1:], reduction="none")
        return [losses[i, begin - 1 : len(ids) - 1] for i, (_, _, ids, begin) in enumerate(self.rows)], logits

    def loss(self, model):
        return torch.cat(self.losses(model)[0]).mean()

    def records(self, losses):
        return [{"prompt": p, "completion": c, "ids": ids, "begin": begin, "losses": own.tolist()} for (p, c, ids, begin), own in zip(self.rows, losses)]


def make_causal(family):
    tokenizer = tokenizer_of(family)
    model = randomise(AutoModelForCausalLM.from_config(config_of(family, len(tokenizer)), attn_implementation="eager"), 7)
    folder = here / f"tiny-{family}"
    shutil.rmtree(folder, ignore_errors=True)
    (model.to(torch.bfloat16) if family == "qwen2" else model).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    completions = Completions(tokenizer)
    losses, logits = completions.losses(model)
    torch.cat(losses).mean().backward()
    save_gradients(f"tiny-{family}-causal", model)
    first = logits[0, : len(completions.rows[0][2])].tolist()
    loss = torch.cat(losses).mean().item()
    taken = train(model, completions.loss)
    write(f"tiny-{family}-causal.json", {"versions": versions, "recipe": recipe, "loss": loss, "logits": first, "steps": taken, "rows": completions.records(losses)})


def make_classifier(family):
    folder = here / f"tiny-{family}"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=3, dtype=torch.float32, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        model.score.weight.copy_(0.3 * torch.randn(model.score.weight.shape, generator=generator))
    rows = [(text, None, place % 3) for place, (text, pair, _) in enumerate(sentences) if pair is None]
    encodings = encode(tokenizer, rows, 48)
    padded = {key: value for key, value in inputs("distilbert", encodings).items()}
    padded["input_ids"] = torch.where(padded["attention_mask"] == 0, tokenizer.pad_token_id, padded["input_ids"])
    output = model(**padded, labels=torch.tensor([label for _, _, label in rows]))
    output.loss.backward()
    save_gradients(f"tiny-{family}-classifier", model)
    records = [{"text": t, "label": l, "ids": e["input_ids"], "logits": v} for (t, _, l), e, v in zip(rows, encodings, output.logits.tolist())]
    write(f"tiny-{family}-classifier.json", {"versions": versions, "maxLength": 48, "loss": output.loss.item(), "score": model.score.weight.tolist(), "rows": records})


def make_lora(family, targets, **options):
    folder, target = here / f"tiny-{family}", here / f"tiny-{family}-lora"
    shutil.rmtree(target, ignore_errors=True)
    is_classifier = family == "bert"
    auto = AutoModelForSequenceClassification if is_classifier else AutoModelForCausalLM
    base = auto.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    task = "SEQ_CLS" if is_classifier else "CAUSAL_LM"
    config = peft.LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=targets, task_type=task, **options)
    model = peft.get_peft_model(base, config).eval()
    generator = torch.Generator().manual_seed(13)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))
    model.save_pretrained(target)
    (target / "README.md").unlink(missing_ok=True)
    path = target / "adapter_config.json"
    # peft keeps targets as a set, whose order is another in each run.
    settings = json.loads(path.read_text()) | {"base_model_name_or_path": f"tiny-{family}", "target_modules": sorted(targets)}
    path.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if is_classifier:
        encodings = encode(tokenizer, sentences, 16)
        batch, labels = inputs(family, encodings), torch.tensor([label for _, _, label in sentences])
        loss_of = lambda m: m(**batch, labels=labels).loss
        logits_of = lambda m: m(**batch).logits
    else:
        completions = Completions(tokenizer)
        loss_of = completions.loss
        logits_of = lambda m: completions.losses(m)[1][0, : len(completions.rows[0][2])]
    loss = loss_of(model)
    loss.backward()
    save_gradients(f"tiny-{family}-lora", model, lambda name: "lora_" in name or "modules_to_save" in name)
    with torch.no_grad():
        logits = logits_of(model).tolist()
    taken = train(model, loss_of)
    fresh = peft.PeftModel.from_pretrained(auto.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager"), target)
    with torch.no_grad():
        merged = logits_of(fresh.merge_and_unload().eval()).tolist()
    write(f"tiny-{family}-lora.json", {"versions": versions, "recipe": recipe, "loss": loss.item(), "logits": logits, "merged": merged, "steps": taken})


if __name__ == "__main__":
    for family in ("gpt2", "llama", "qwen2"):
        make_causal(family)
        make_classifier(family)
    make_lora("gpt2", ["c_attn"], fan_in_fan_out=True)
    make_lora("llama", ["q_proj", "v_proj"], use_rslora=True)
    make_lora("bert", ["query", "value"])
