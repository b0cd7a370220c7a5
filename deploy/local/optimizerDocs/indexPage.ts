import type { OptimizerEntry } from "#core/optimizers/catalogueEntry.js";
import type { Element } from "#core/optimizers/chain.js";
import { code, codeBlock, escape, page, numeral, table } from "./markdown.js";
import { customChainExample } from "./customChainExample.js";
import { paperLinks } from "./paper.js";
import { stateMemory } from "./stateMemory.js";

/** Names by what they are known from; whatever the catalogue has besides is of the last group. */
const groups: readonly { title: string; names: readonly string[] }[] = [
  { title: "The first six", names: ["sgd", "adam", "rmsprop", "lamb", "adabound", "radam"] },
  {
    title: "As in PyTorch",
    names: ["adamw", "amsgrad", "nadam", "nadamw", "adagrad", "adadelta", "adamax", "adafactor", "asgd", "rprop", "muon"],
  },
  { title: "The three methods that Stepwire compares", names: ["baseline", "enhanced", "integrated"] },
];

/** The overview: every optimizer in a table, and how to go beyond them. */
export function indexPage(optimizers: readonly OptimizerEntry[], elements: readonly Element[]): string {
  const grouped = groups.map(({ title, names }) => ({
    title,
    entries: names.flatMap((name) => optimizers.filter((each) => each.name === name)),
  }));
  const named = new Set(groups.flatMap(({ names }) => names));
  const later = { title: "Since then", entries: optimizers.filter(({ name }) => !named.has(name)) };
  return page([
    "# Optimizers",
    `Stepwire has ${optimizers.length} optimizers by name. Each is a chain of elements ([elements.md](elements.md)): transforms that turn the ` +
      "gradient into an update, one after the other, and wrappers around them. `stepwire optimizers` and `ListOptimizers` show the same data, " +
      "from which these pages are generated (`npm run docs:optimizers`).",
    "State is what an optimizer keeps between steps, in numbers for each parameter and in MiB for MiniLM (22.7 million parameters), with the " +
      "default hyperparameters; where it depends on the shape, the numbers are those of a matrix of 768 by 768. MiB count every parameter as it is. Where the learning rates come from, and which of them were measured here: " +
      "[learning-rates.md](learning-rates.md).",
    ...[...grouped, later].flatMap(({ title, entries }) => [`## ${title}`, overview(entries)]),
    ...beyond(elements),
  ]);
}

function overview(entries: readonly OptimizerEntry[]): string {
  return table(
    ["name", "what it does", "state", "MiB", "learning rate", "paper"],
    entries.map((entry) => [
      `[${entry.name}](${entry.name}.md)`,
      escape(entry.description),
      `${entry.stateSize}`,
      stateMemory(entry).toFixed(1),
      code(numeral(Number(entry.hyperparameters[0]?.default))),
      paperLinks(entry.source),
    ]),
  );
}

function beyond(elements: readonly Element[]): string[] {
  const wrappers = elements.filter((each) => each.kind === "wrapper");
  return [
    "## Elements and wrappers",
    [
      `- Transforms: ${links(elements.filter(({ kind }) => kind === "transform"))}.`,
      `- Whole-tensor transforms: ${links(elements.filter(({ kind }) => kind === "matrix"))}.`,
      `- Wrappers: ${links(wrappers)}.`,
    ].join("\n"),
    "## Hyperparameters",
    "A hyperparameter that is left out takes its default. All faults are told at once, each with its field, the value and what is allowed: an " +
      "unknown name (with the nearest known one), a value of the wrong type, one that is out of range or not finite, one that becomes 0 in the " +
      "float32 that optimizers count in where 0 is not allowed, and values that do not go together (`nesterov` without `momentum`). " +
      "`learning_rate` is the peak: the job's schedule multiplies it. Schedules and clipping by the global norm are the job's, the same " +
      "for all optimizers.",
    "## Ablations",
    "An optimizer whose page lists ablations can be had without one of its ideas: `integrated-without-trust` is `integrated` without its " +
      "trust ratio. Such names stand wherever an optimizer's name does.",
    "## A chain of your own",
    "The optimizer `custom` takes a chain: elements by name, in order, each with its own hyperparameters. Wrappers may follow the chain, the " +
      "innermost first, and go around any named optimizer as well. With the SDK:",
    codeBlock("ts", `await stepwire.jobs.create({\n  dataset: { id: dataset.id },\n  optimizer: ${customChainExample()},\n});`),
    [
      "What a chain must be:",
      "",
      "- One element applies the learning rate (`scale_by_learning_rate`, or one whose description says that it ends a chain), and only wrappers",
      "  come after it.",
      `- At most one wrapper moves the point where the model is evaluated (${links(wrappers.filter((each) => each.movesEvaluation))}), and`,
      `  at most one the point where the gradient is taken (${links(wrappers.filter((each) => each.movesGradient))}).`,
      "  `lookahead` and `schedule_free` do not go together.",
      "- `cautious` compares the update with the gradient, so it stands before decoupled decay.",
      "- Elements whose hyperparameters make them do nothing (`weight_decay` 0) are left out of all this, and cost nothing.",
      "- At most 32 elements, 32 wrappers, 32 groups.",
    ].join("\n"),
    "## Parameter groups",
    "`groups` says what is different for parameters whose names match a pattern, in which `*` stands for any text: `learning_rate_scale` " +
      "multiplies the learning rate, from 0 (frozen) to 1000, and `decayed` says whether weight decay applies. Where several match, the last that says something " +
      "counts. Without groups, weight decay leaves out biases and the gains of normalisation layers. `scale_by_layer_decay` lowers the rate from layer to " +
      "layer. `muon` makes a split of its own: the matrices between the embeddings and the head are its, all others AdamW's.",
    "## State",
    "An optimizer's state is kept by the names of element and parameter (`scale_by_adam.m/bert.pooler.dense.weight`). State that is put " +
      "into another optimizer or another model is refused with every difference named.",
  ];
}

function links(elements: readonly Element[]): string {
  return elements.map(({ name }) => `[${name}](elements.md#${name})`).join(", ");
}
