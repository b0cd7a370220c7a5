import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderOptimizerDocs } from "./optimizerDocs/renderOptimizerDocs.js";
import { repositoryRoot } from "./repositoryRoot.js";

// Writes docs/optimizers from the catalogue, and removes the pages of optimizers that are gone; pilot.jsonl is written by hand.

const folder = join(repositoryRoot, "docs/optimizers");
const pages = renderOptimizerDocs(readFileSync(join(folder, "pilot.jsonl"), "utf8"));
for (const file of readdirSync(folder)) if (file.endsWith(".md") && !pages.has(file)) rmSync(join(folder, file));
for (const [file, text] of pages) writeFileSync(join(folder, file), text);
