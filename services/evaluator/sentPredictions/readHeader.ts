import type { EvaluatePredictionsRequest } from "@stepwire/proto";
import type { FaultCollector } from "#core/datasets/faultCollector.js";
import type { IntervalSettings } from "#core/evaluations/evaluation.js";
import { sentLimits } from "#core/evaluations/predictionColumns.js";
import type { Fault } from "#core/fault.js";
import { resourceIdFault } from "#core/jobs/jobId.js";
import { type TrainingTask, trainingTasks } from "#core/jobs/trainingJob.js";
import { nearest } from "#core/nearest.js";
import { countCharacters, quote } from "#core/quote.js";
import { readIntervals } from "../readIntervals.js";

/** What is said of predictions before they come. */
export interface PredictionHeader {
  /** Empty when the caller left the id to the server. */
  id: string;
  source: { model: string; dataset: string; seed: number; task: TrainingTask };
  classes: string[];
  intervals: IntervalSettings;
}

export function readHeader(
  { evaluation_id: id, source, classes, ...wanted }: NonNullable<EvaluatePredictionsRequest["header"]>,
  faults: FaultCollector,
): PredictionHeader {
  const add = (fault: Fault | undefined) => fault && faults.add(fault.field, fault.reason, fault.description);
  if (id !== "") add(resourceIdFault(id, "header.evaluation_id"));
  const { model = "", dataset = "", seed = 0 } = source ?? {};
  for (const [name, text] of Object.entries({ model, dataset })) {
    const field = `header.source.${name}`;
    const meaning = name === "model" ? "name what predicted" : "name the examples that are predicted";
    if (text.trim() === "") faults.add(field, "REQUIRED", `is empty; ${meaning}`);
    add(lengthFault(field, text));
  }
  const task = readTask(source?.task || "classification", faults);
  checkClasses(classes, task, faults);
  const found: Fault[] = [];
  const intervals = readIntervals(wanted, found);
  for (const fault of found) add({ ...fault, field: fault.field.replace(/^evaluation\./, "header.") });
  return { id, source: { model, dataset, seed, task }, classes, intervals };
}

function readTask(text: string, faults: FaultCollector): TrainingTask {
  const task = trainingTasks.find((each) => each === text);
  if (task) return task;
  const meant = nearest(text, trainingTasks);
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  faults.add("header.source.task", "UNKNOWN_VALUE", `${quote(text)} is not known; allowed: ${trainingTasks.join(", ")}${hint}`);
  return "classification";
}

function checkClasses(classes: readonly string[], task: TrainingTask, faults: FaultCollector): void {
  const field = "header.classes";
  if (task !== "classification") {
    if (classes.length > 0) faults.add(field, "CONFLICT", `there are ${classes.length} classes; allowed: none where the task is ${task}`);
    return;
  }
  if (classes.length < 2 || classes.length > sentLimits.classes)
    return faults.add(field, "OUT_OF_RANGE", `there are ${classes.length} classes; allowed: 2 to ${sentLimits.classes}`);
  const places = new Map<string, number>();
  for (const [index, name] of classes.entries()) {
    const own = `${field}[${index}]`;
    const earlier = places.get(name);
    places.set(name, earlier ?? index);
    if (name.trim() === "") faults.add(own, "REQUIRED", "is empty; give every class a name");
    else if (earlier !== undefined)
      faults.add(own, "DUPLICATE", `${quote(name)} is the name of class ${earlier} too; allowed: every name once`);
    const fault = lengthFault(own, name);
    if (fault) faults.add(fault.field, fault.reason, fault.description);
  }
}

function lengthFault(field: string, text: string): Fault | undefined {
  const characters = countCharacters(text);
  if (characters <= sentLimits.nameCharacters) return undefined;
  return { field, reason: "TOO_LONG", description: `has ${characters} characters; allowed: at most ${sentLimits.nameCharacters}` };
}
