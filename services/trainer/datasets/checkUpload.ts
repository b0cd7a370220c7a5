import { fileURLToPath } from "node:url";
import { type ProcessLimits, runCheckingProcess } from "#platform/checkingProcess.js";
import { diskFault, exhausted } from "#platform/exhausted.js";
import type { Logger } from "#platform/logger.js";
import { invalidArgument } from "#platform/statusError.js";
import type { CheckedDataset, ImportInput, ImportMessage } from "./importProtocol.js";

const program = fileURLToPath(import.meta.resolve("#trainer/importer/main.js"));

/**
 * Checks an upload in a process of its own, which ends at once when the signal is aborted.
 * @throws StatusError INVALID_ARGUMENT with the faults of the data; RESOURCE_EXHAUSTED when it takes more memory, time or disk than allowed
 */
export async function checkUpload(
  input: ImportInput,
  options: { limits: ProcessLimits; logger: Logger; signal: AbortSignal },
): Promise<CheckedDataset> {
  const { said, stalled, outOfMemory, how } = await runCheckingProcess<ImportMessage>(program, input, options);
  if (said?.type === "checked") return said.dataset;
  if (said?.type === "faults") throw invalidArgument(said.faults);
  if (stalled)
    throw exhausted(
      "IMPORT_STALLED",
      `checking the data set made no progress for ${options.limits.stallMs / 1000} seconds, so it was given up; a damaged Parquet file does that`,
    );
  if (outOfMemory)
    throw exhausted(
      "IMPORT_TOO_LARGE",
      "checking the data set takes more memory than this server gives an import; split the data set, or write Parquet with smaller row groups and pages",
    );
  throw diskFault(said, "the data set") ?? new Error(`the import's process ended (${how}): ${said?.message ?? "it said nothing"}`);
}
