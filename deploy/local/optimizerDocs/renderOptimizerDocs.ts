import { optimizers } from "#core/optimizers/catalogue.js";
import { elements } from "#core/optimizers/elements.js";
import { elementsPage } from "./elementsPage.js";
import { indexPage } from "./indexPage.js";
import { learningRatesPage } from "./learningRatesPage.js";
import { optimizerPage } from "./optimizerPage.js";
import { parsePilot } from "./pilot.js";

/**
 * The pages of docs/optimizers from the catalogue, by file name.
 * @param pilot the text of docs/optimizers/pilot.jsonl, which is written by hand
 */
export function renderOptimizerDocs(pilot: string): Map<string, string> {
  return new Map([
    ["README.md", indexPage(optimizers, elements)],
    ["elements.md", elementsPage(elements)],
    ["learning-rates.md", learningRatesPage(optimizers, parsePilot(pilot))],
    ...optimizers.map((entry) => [`${entry.name}.md`, optimizerPage(entry)] as const),
  ]);
}
