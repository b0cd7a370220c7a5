import { messageJson } from "../mapping/messageJson.js";
import { nearest } from "../mapping/nearest.js";
import { quote } from "../mapping/quote.js";
import type { OptimizerElement } from "../messages.js";
import type { Optimizers } from "../resources/optimizers.js";
import { StepwireError } from "../stepwireError.js";
import { table } from "./format.js";
import type { GlobalOptions } from "./globalOptions.js";
import { type Output, usualColumns } from "./output.js";
import { elementText, kindText, optimizerText } from "./reportOptimizer.js";
import { withServices } from "./services.js";

interface OptimizersOptions extends GlobalOptions {
  elements?: boolean;
}

/** @throws StepwireError NOT_FOUND, with the nearest name */
export async function runOptimizers(name: string | undefined, options: OptimizersOptions, output: Output): Promise<void> {
  const show = options.elements ? showElements : showOptimizers;
  await withServices(options, { trainer: true, mayStart: true }, output, async ({ optimizers }) => await show(optimizers, name, output));
}

async function showOptimizers(optimizers: Optimizers, name: string | undefined, output: Output): Promise<void> {
  const chosen = name === undefined ? await optimizers.list() : [await optimizers.get(name)];
  output.line("optimizers", { optimizers: chosen.map((optimizer) => messageJson("stepwire.v1.Optimizer", optimizer, "plain")) });
  const [first] = chosen;
  if (name !== undefined && first) output.print(optimizerText(first, output.columns ?? usualColumns));
  else output.print(table([["NAME", "DESCRIPTION"], ...chosen.map((each) => [each.name, each.description])], output.columns));
}

async function showElements(optimizers: Optimizers, name: string | undefined, output: Output): Promise<void> {
  const all = await optimizers.elements();
  const chosen = name === undefined ? all : [findElement(all, name)];
  output.line("elements", { elements: chosen.map((element) => messageJson("stepwire.v1.OptimizerElement", element, "plain")) });
  const [first] = chosen;
  if (name !== undefined && first) output.print(elementText(first, output.columns ?? usualColumns));
  else {
    const rows = chosen.map((each) => [each.name, kindText(each.kind), each.description]);
    output.print(table([["NAME", "KIND", "DESCRIPTION"], ...rows], output.columns));
  }
}

function findElement(elements: readonly OptimizerElement[], name: string): OptimizerElement {
  const found = elements.find((element) => element.name === name);
  if (found) return found;
  const names = elements.map((element) => element.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? "" : ` (did you mean "${meant}"?)`;
  throw new StepwireError("NOT_FOUND", `${quote(name)} is not an element${hint}; allowed: ${names.join(", ")}`, {
    reason: "ELEMENT_NOT_FOUND",
  });
}
