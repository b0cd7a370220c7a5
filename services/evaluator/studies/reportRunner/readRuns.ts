import { readFile } from "node:fs/promises";
import { linearise } from "#core/comparisons/linearise.js";
import type { RunOutcome } from "#core/studies/report/runOutcome.js";
import type { RunCurve } from "#core/studies/runCurve.js";
import type { StudyRecord } from "#core/studies/study.js";
import { readOutcomes } from "../../comparisons/readOutcomes.js";
import type { FailedRun, ReportInput } from "../reportProtocol.js";

/** What the final runs of a study came to. */
export interface ReadRuns {
  finals: RunOutcome[];
  /** Those whose predictions have no value of the study's metric. */
  failed: FailedRun[];
}

/**
 * Reads what each final run predicted. One whose predictions cannot be measured has failed, and must not take the other arms' report with it.
 * @param shouldStop asked before each file
 */
export async function readRuns(
  study: StudyRecord,
  files: ReportInput["files"],
  shouldStop: () => boolean = () => false,
): Promise<ReadRuns> {
  const { metric } = study.declaration;
  const read: ReadRuns = { finals: [], failed: [] };
  for (const { trainingJob, predictions, splitDigest, curve } of files) {
    if (shouldStop()) break;
    const run = study.runs.find((each) => each.trainingJob === trainingJob);
    if (!run) continue;
    const found = await readOutcomes(predictions, metric).catch((error: unknown) => {
      if (error instanceof RangeError) return error.message;
      throw error;
    });
    const reason = typeof found === "string" ? found : notFinite(Float64Array.from(linearise(metric, found.outcomes).values));
    if (typeof found === "string" || reason !== undefined)
      read.failed.push({ trainingJob, message: `its ${metric} cannot be measured: ${reason}` });
    else read.finals.push({ run, splitDigest, outcomes: found.outcomes, curve: JSON.parse(await readFile(curve, "utf8")) as RunCurve });
  }
  return read;
}

function notFinite(values: Float64Array): string | undefined {
  const index = values.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? undefined : `that of row ${index} is not a finite number`;
}
