import type { Element } from "#core/optimizers/chain.js";
import { describeRange } from "#core/optimizers/hyperparameter.js";
import { hyperparameterTable } from "./hyperparameterTable.js";
import { escape, page } from "./markdown.js";

const kinds: readonly { kind: Element["kind"]; title: string; text: string }[] = [
  {
    kind: "transform",
    title: "Transforms",
    text: "Each is a formula over the elements of a tensor and over norms and sums. It runs as a vector program in the native machine.",
  },
  {
    kind: "matrix",
    title: "Whole-tensor transforms",
    text: "These need rows and columns: matrix products, means by row. They run with the engine's matrix operations. A vector is a matrix of one column.",
  },
  {
    kind: "wrapper",
    title: "Wrappers",
    text: "A wrapper works around all that stands before it: it may change the parameters after a step, and choose where the model is evaluated and saved, and where the gradient is taken.",
  },
];

/** The page of all elements that a chain can be made of. */
export function elementsPage(elements: readonly Element[]): string {
  return page([
    "# Elements",
    "What chains are made of. [README.md](README.md) says how to build one. `learning_rate` and others may have another default in an optimizer of the " +
      "catalogue: its page counts.",
    ...kinds.flatMap(({ kind, title, text }) => [
      `## ${title}`,
      text,
      ...elements.filter((each) => each.kind === kind).flatMap(elementBlocks),
    ]),
  ]);
}

function elementBlocks(element: Element): (string | undefined)[] {
  const declared = Object.entries(element.hyperparameters).map(([name, declaration]) => ({
    name,
    ...declaration,
    range: describeRange(declaration),
  }));
  return [
    `### ${element.name}`,
    escape(element.description),
    ...(element.kind === "wrapper" ? [wrapperText(element)] : element.appliesLearningRate ? ["It applies the learning rate."] : []),
    declared.length > 0 ? hyperparameterTable(declared) : "It has no hyperparameters.",
  ];
}

function wrapperText({ movesEvaluation, movesGradient }: Extract<Element, { kind: "wrapper" }>): string | undefined {
  const moves = [
    ...(movesEvaluation ? ["where the model is evaluated and saved"] : []),
    ...(movesGradient ? ["where the gradient is taken"] : []),
  ];
  return moves.length > 0 ? `It chooses ${moves.join(" and ")}.` : undefined;
}
