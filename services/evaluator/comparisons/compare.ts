import type { CompareRequest } from "@stepwire/proto";
import { checkFairness, type FairnessLedger } from "#core/comparisons/checkFairness.js";
import type { Comparison, ComparisonSettings } from "#core/comparisons/comparison.js";
import { type AskedSettings, comparisonFaults } from "#core/comparisons/comparisonFaults.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { Fault } from "#core/fault.js";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import type { CallContext } from "#platform/handlers.js";
import type { RecordStore } from "#platform/recordStore.js";
import { invalidArgument } from "#platform/statusError.js";
import { type ChosenEvaluation, type ChosenGroup, chooseEvaluations } from "./chooseEvaluations.js";
import { compareInThread } from "./compareInThread.js";

/** What Compare needs. */
export interface CompareParts {
  evaluations: RecordStore<EvaluationRecord>;
  jobs: RecordStore<TrainingJobRecord>;
  artifacts: ArtifactStore;
}

/** A comparison with what was held equal for it. */
export interface FairComparison {
  comparison: Comparison;
  /** Ids of the evaluations of each group, in the order of their seeds. */
  evaluations: string[][];
  fairness: FairnessLedger;
}

/** Evaluations times examples: their outcomes take up to 16 bytes each. */
const mostOutcomes = 20_000_000;

/** @throws StatusError INVALID_ARGUMENT with everything that keeps the evaluations from being compared */
export async function compare(parts: CompareParts, request: CompareRequest, { tenant, signal }: CallContext): Promise<FairComparison> {
  const { groups, faults } = await chooseEvaluations(parts, tenant, request.groups);
  const task = groups.flatMap(({ records }) => records)[0]?.task;
  const settings = readSettings(request, task === "classification" || task === undefined ? "accuracy" : "loss");
  faults.push(
    ...comparisonFaults(
      settings,
      groups.map(({ name }) => name),
      task,
    ),
  );
  const { faults: unfair, ledger } = checkFairness(groups, request.intended_differences);
  // Whether something differs is known when all evaluations are.
  const allKnown = groups.length > 0 && groups.every(({ records }, index) => records.length === request.groups[index]?.evaluations.length);
  faults.push(...unfair.filter(({ reason }) => allKnown || reason !== "NOT_A_DIFFERENCE"), ...sizeFaults(groups));
  if (faults.length > 0) throw invalidArgument(faults);

  const comparison = await compareInThread(
    {
      // Checked above.
      settings: settings as ComparisonSettings,
      groups: groups.map(({ name, records }) => ({ name, evaluations: records.map((record) => stored(parts, tenant, record)) })),
      otherTokens: request.intended_differences.some((name) => name === "tokenizer" || name === "max_length"),
    },
    signal,
  );
  return { comparison, evaluations: groups.map(({ records }) => records.map(({ evaluation }) => evaluation.id)), fairness: ledger };
}

function readSettings(request: CompareRequest, usualMetric: string): AskedSettings {
  const { margin, level } = request;
  return {
    metric: request.metric || usualMetric,
    ...(margin !== undefined && { margin }),
    ...(level !== undefined && { level }),
    ...(request.correction !== "" && { correction: request.correction }),
    ...(request.reference !== "" && { reference: request.reference }),
    ...(request.interval !== "" && { interval: request.interval }),
  };
}

function sizeFaults(groups: readonly ChosenGroup[]): Fault[] {
  const outcomes = groups.flatMap(({ records }) => records).reduce((sum, { evaluation }) => sum + (evaluation.metrics?.examples ?? 0), 0);
  if (outcomes <= mostOutcomes) return [];
  const description = `the evaluations have ${outcomes} outcomes together; allowed: at most ${mostOutcomes}`;
  return [{ field: "groups", reason: "TOO_LARGE", description }];
}

function stored({ artifacts }: CompareParts, tenant: string, { evaluation, task }: ChosenEvaluation) {
  const { metrics } = evaluation;
  return {
    id: evaluation.id,
    file: {
      path: artifacts.path(tenant, "evaluations", evaluation.uid, "predictions.jsonl"),
      task,
      examples: metrics?.examples ?? 0,
      classes: metrics?.classes.length ?? 0,
      grouped: evaluation.source?.grouped ?? false,
    },
  };
}
