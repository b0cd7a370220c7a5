import type { OptimizerEntry } from "#core/optimizers/catalogueEntry.js";
import { activeElements, elementHyper } from "#core/optimizers/chain.js";
import { matrixShape } from "#core/optimizers/defineMatrixTransform.js";
import { partitionParameters } from "#core/optimizers/partitionParameters.js";
import { namedShapes } from "#core/models/modelParameters.js";

/** The sizes of sentence-transformers/all-MiniLM-L6-v2; what does not change a shape is left at BERT's. */
const miniLm = {
  family: "bert" as const,
  positionOffset: 0,
  vocabSize: 30_522,
  hiddenSize: 384,
  layers: 6,
  heads: 12,
  intermediateSize: 1536,
  maxPositions: 512,
  typeVocabSize: 2,
  layerNormEpsilon: 1e-12,
  initializerRange: 0.02,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  classifierDropout: 0.1,
};

/** The parameters of MiniLM with a head for two classes: 22.7 million numbers in 105 tensors. */
export const miniLmParameters = namedShapes(miniLm, { task: "classification", classes: 2 });

/** What an optimizer keeps for MiniLM between steps with its default hyperparameters, in MiB of float32. */
export function stateMemory(entry: OptimizerEntry): number {
  const hyperparameters = Object.fromEntries(entry.hyperparameters.map((each) => [each.name, each.default]));
  const sizes = partitionParameters(entry, miniLmParameters).flatMap(({ chain, parameters }) =>
    activeElements(chain, hyperparameters).flatMap((each) => {
      const hyper = elementHyper(each, hyperparameters);
      return parameters.map(({ shape }) => {
        const whole = shape.reduce((product, axis) => product * axis, 1);
        if (each.element.kind !== "matrix") return whole * Object.keys(each.element.state(hyper)).length;
        const states = Object.values(each.element.state(matrixShape(shape), hyper));
        return states.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
      });
    }),
  );
  return (4 * sizes.reduce((sum, size) => sum + size, 0)) / 2 ** 20;
}
