import type { Evaluation } from "../messages.js";
import { StepwireError } from "../stepwireError.js";
import type { ListOptions } from "./evaluation.js";
import { decimals, table } from "./format.js";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";
import { shown, shownLong } from "./printable.js";
import { wholeNumber } from "./readValue.js";
import { evaluationLine, reportEvaluation } from "./reportEvaluation.js";
import { withServices } from "./services.js";

const services = { evaluator: true } as const;

export async function listEvaluations(options: ListOptions, output: Output): Promise<void> {
  const limit = wholeNumber("--limit", options.limit, 1);
  if (limit.violations.length > 0) throw StepwireError.invalid(limit.violations);
  await withServices(options, services, output, async (stepwire) => {
    const found: Evaluation[] = [];
    for await (const evaluation of stepwire.evaluations.list({ trainingJob: options.job })) {
      found.push(evaluation);
      evaluationLine(evaluation, output);
      if (found.length === limit.value) break;
    }
    const rows = found.map(({ id, state, createTime, trainingJob, split, source, metrics }) => [
      ...[id, state, createTime?.toISOString() ?? "", source?.model ?? trainingJob, source?.dataset ?? split],
      metrics?.accuracy ? decimals(metrics.accuracy.estimate) : "",
      metrics?.loss === undefined ? "" : decimals(metrics.loss, 4),
    ]);
    const head = ["EVALUATION", "STATE", "CREATED", "OF", "ON", "ACCURACY", "LOSS"];
    output.print(rows.length === 0 ? "no evaluations" : table([head, ...rows], output.columns));
  });
}

export async function actOnEvaluation(
  action: "show" | "cancel" | "delete",
  id: string,
  options: GlobalOptions,
  output: Output,
): Promise<void> {
  await withServices(options, services, output, async ({ evaluations }) => {
    if (action === "delete") {
      await evaluations.delete(id);
      output.line("deleted", { evaluation: id });
      return output.print(`evaluation ${shown(id)} is deleted`);
    }
    const evaluation = action === "show" ? await evaluations.get(id) : await evaluations.cancel(id);
    if (evaluation.metrics) return reportEvaluation(evaluation, output);
    evaluationLine(evaluation, output);
    const { state, progress, error } = evaluation;
    const far = progress && state === "RUNNING" ? `: ${progress.examples} of ${progress.totalExamples} examples` : "";
    output.print(`evaluation ${shown(id)} is ${state}${far}${error ? `: ${shownLong(error.message)}` : ""}`);
  });
}
