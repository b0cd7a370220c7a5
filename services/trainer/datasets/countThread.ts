import { parentPort, workerData } from "node:worker_threads";
import { countCut } from "#core/datasets/countCut.js";
import type { CountInput } from "./countRows.js";
import { readGroupFile } from "./groupFile.js";

// Counts one cut: the thread of `countRows`.

const { path, classes, fraction, seed } = workerData as CountInput;
parentPort?.postMessage(countCut(await readGroupFile(path), classes, fraction, seed), []);
