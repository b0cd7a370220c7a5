import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadModel } from "#engine/models/loadModel.js";
import { saveModel } from "#engine/models/saveModel.js";
import { predict } from "#engine/prediction/predict.js";

// Exports a model with a new head of three classes, and what the engine predicts with it, for check_export.py:
//   node dist/test/parity/writeExport.js MODEL_FOLDER OUTPUT_FOLDER && python test/parity/check_export.py OUTPUT_FOLDER

const [sourceFolder, outputFolder] = process.argv.slice(2);
if (sourceFolder === undefined || outputFolder === undefined) throw new Error("usage: writeExport MODEL_FOLDER OUTPUT_FOLDER");
const model = await loadModel(sourceFolder, { task: "classification", classes: 3 }, { seed: 1, field: "model" });
await saveModel(outputFolder, {
  sourceFolder,
  task: { task: "classification", classes: ["bad", "mixed", "good"] },
  parameters: model.parameters,
});
const examples = [
  { text: "a good film with a warm heart" },
  { text: "Crème brûlée: not my kind of movie!" },
  { text: "is it worth the time ?", textPair: "the plot is thin and slow" },
  { text: "word ".repeat(100), textPair: "another word ".repeat(50) },
];
const rows: object[] = [];
await predict({ checkpointFolder: outputFolder, examples, maxLength: 48 }, (batch) => {
  for (const { index, logits } of batch) rows[index] = { ...examples[index], logits };
});
await writeFile(join(outputFolder, "predictions.json"), JSON.stringify({ maxLength: 48, rows }));
