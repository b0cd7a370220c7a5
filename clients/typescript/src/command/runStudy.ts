import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FieldViolation } from "@stepwire/proto";
import { requireValid } from "../calls/checkArguments.js";
import { messageJson } from "../mapping/messageJson.js";
import { quote } from "../mapping/quote.js";
import type { Study } from "../messages.js";
import type { StudyHandle, StudyReportFormat } from "../resources/studies.js";
import type { Stepwire } from "../stepwire.js";
import { StepwireError, summaryOf } from "../stepwireError.js";
import { followStudy } from "./followStudy.js";
import { bytes, clock, table } from "./format.js";
import type { GlobalOptions } from "./globalOptions.js";
import { interrupt } from "./interrupt.js";
import type { Output } from "./output.js";
import { shown, shownLong } from "./printable.js";
import { wholeNumber } from "./readValue.js";
import { withServices } from "./services.js";
import type { StudyReportOptions, StudyRunOptions } from "./study.js";
import { studyDifferences } from "./studyDifferences.js";
import { readStudyFile, type StudyFile } from "./studyFile.js";
import { fileViolations, folderViolations, writeOutput } from "./writable.js";

const services = { trainer: true, evaluator: true } as const;
const reportFiles = { markdown: "report.md", json: "report.json", html: "report.html" } as const;

/** @throws StepwireError when anything is wrong with the file, or the study did not succeed */
export async function runStudy(file: string, options: StudyRunOptions, output: Output): Promise<void> {
  const read = readStudyFile(file);
  const isShown = !options.validateOnly && !options.detach;
  const ofOutput =
    options.output !== undefined && isShown ? await folderViolations("--output", options.output, Object.values(reportFiles)) : [];
  const declared = { ...read, violations: [...ofOutput, ...read.violations] };
  const run = withServices(options, { ...services, mayStart: !options.detach }, output, async (stepwire) => {
    const { signal } = interrupt();
    const study = await create(stepwire, declared, options.validateOnly ?? false, signal, output);
    if (!isShown) {
      output.line("study", messageJson("stepwire.v1.Study", study, "plain"));
      if (options.detach) output.print(shown(study.id));
      else showPlan(study, output);
      return;
    }
    output.note(`study ${shown(study.id)}: ${planText(study)}`);
    if (study.state === "FAILED" || study.state === "CANCELLED")
      output.note(`it ended before, ${study.state}, and is not started again; with another id in its file it is a new study`);
    await followStudy(study, output, signal);
    await study.result({ signal });
    if (options.output !== undefined) await writeReports(study, options.output, output, signal);
    if (output.json) output.line("report", { study: study.id, report: JSON.parse(await study.report("json", { signal })) });
    else output.print((await study.report("markdown", { signal })).trimEnd());
  });
  await run.catch((error: unknown) => {
    const failure = StepwireError.from(error);
    // What is wrong with the file is known without services; only they know the rest.
    if (declared.violations.length === 0 || failure.violations.length > 0 || failure.reason === "ABORTED_BY_CALLER") throw failure;
    throw StepwireError.invalid(declared.violations);
  });
}

export async function watchStudy(name: string, options: GlobalOptions, output: Output): Promise<void> {
  await withServices(options, services, output, async (stepwire) => {
    const { signal } = interrupt();
    const study = await stepwire.studies.get(studyId(name), { signal });
    await followStudy(study, output, signal);
    await study.result({ signal });
  });
}

export async function printReport(name: string, options: StudyReportOptions, output: Output): Promise<void> {
  if (options.output !== undefined) requireValid(await fileViolations("--output", options.output));
  await withServices(options, services, output, async (stepwire) => {
    const { signal } = interrupt();
    const document = await stepwire.studies.report(studyId(name), options.format as StudyReportFormat, { signal });
    if (options.output === undefined) process.stdout.write(document);
    else {
      await writeOutput("--output", options.output, document);
      output.note(`wrote ${shownLong(options.output)} (${bytes(Buffer.byteLength(document))})`);
    }
  });
}

export async function cancelStudy(name: string, options: GlobalOptions, output: Output): Promise<void> {
  await withServices(options, services, output, async (stepwire) => {
    const study = await stepwire.studies.cancel(studyId(name), { signal: interrupt().signal });
    output.line("study", messageJson("stepwire.v1.Study", study, "plain"));
    output.print(`study ${shown(study.id)} is being cancelled`);
  });
}

export async function listStudies(options: GlobalOptions & { limit: string }, output: Output): Promise<void> {
  const limit = wholeNumber("--limit", options.limit, 1);
  if (limit.violations.length > 0) throw StepwireError.invalid(limit.violations);
  await withServices(options, services, output, async (stepwire) => {
    const found: Study[] = [];
    for await (const study of stepwire.studies.list()) {
      found.push(study);
      output.line("study", messageJson("stepwire.v1.Study", study, "plain"));
      if (found.length === limit.value) break;
    }
    const rows = found.map((study) => [
      study.id,
      study.state,
      `${study.progress?.done ?? 0}/${study.progress?.runs ?? 0}`,
      study.createTime?.toISOString() ?? "",
      study.title,
    ]);
    output.print(rows.length === 0 ? "no studies" : table([["STUDY", "STATE", "RUNS", "CREATED", "TITLE"], ...rows], output.columns));
  });
}

/** The study of a declaration: the same declaration is the same study, so running a file again goes on with what it has started. @throws StepwireError */
async function create(
  stepwire: Stepwire,
  declared: StudyFile,
  validateOnly: boolean,
  signal: AbortSignal,
  output: Output,
): Promise<StudyHandle> {
  const { id: dataset, violations: ofDataset } = await importDataset(stepwire, declared, signal, output);
  const faults = [...declared.violations, ...ofDataset];
  const study = dataset === undefined ? declared.study : withDataset(declared.study, dataset);
  const digest = createHash("sha256").update(JSON.stringify(study)).digest("hex");
  const id = declared.id ?? `study-${digest.slice(0, 12)}`;
  const isSound = faults.length === 0;
  try {
    const created = await stepwire.studies.create(study, {
      ...{ id, signal, requestId: `declaration/${digest}` },
      validateOnly: validateOnly || !isSound,
    });
    if (isSound) return validateOnly ? await unlessTaken(stepwire, created, declared, signal) : created;
  } catch (error) {
    const failure = StepwireError.from(error);
    if (failure.code === "ALREADY_EXISTS" && failure.reason !== takenReason) {
      const planned = await stepwire.studies.create(study, { id, signal, validateOnly: true });
      await unlessTaken(stepwire, planned, declared, signal);
      // The same in other words, or made by another program.
      return await stepwire.studies.get(id, { signal });
    }
    if (failure.violations.length === 0 || failure.code === "ALREADY_EXISTS") throw failure;
    faults.push(...declared.placed(failure.violations, ofDataset.length > 0 ? ["job.dataset.id"] : []));
  }
  throw StepwireError.invalid(inLineOrder(faults));
}

const takenReason = "ID_TAKEN";

/** @throws StepwireError ALREADY_EXISTS when there is a study of this id that was declared differently */
async function unlessTaken(stepwire: Stepwire, planned: StudyHandle, { place }: StudyFile, signal: AbortSignal): Promise<StudyHandle> {
  const existing = await stepwire.studies.get(planned.id, { signal }).catch((error: unknown) => {
    const failure = StepwireError.from(error);
    if (failure.code === "NOT_FOUND") return undefined;
    throw failure;
  });
  const different = existing ? studyDifferences(planned, existing) : [];
  if (different.length === 0) return planned;
  const what = `${different.join(", ")} ${different.length === 1 ? "is" : "are"} different there`;
  const description = `there is another study ${quote(planned.id)}: ${what}; choose another id, or declare what it declares`;
  const violations = [{ field: place("id"), reason: takenReason, description }];
  throw new StepwireError("ALREADY_EXISTS", summaryOf(violations), { reason: takenReason, violations });
}

function withDataset(study: StudyFile["study"], id: string): StudyFile["study"] {
  return { ...study, job: { ...study.job, dataset: { ...study.job?.dataset, id } } };
}

/** @returns no id where the study names a data set, or what is wrong with the files */
async function importDataset(
  stepwire: Stepwire,
  { dataset, placed }: StudyFile,
  signal: AbortSignal,
  output: Output,
): Promise<{ id: string | undefined; violations: FieldViolation[] }> {
  if (!dataset) return { id: undefined, violations: [] };
  try {
    const { id, warnings } = await stepwire.datasets.import(dataset, { signal });
    for (const warning of warnings) output.note(`warning: ${shownLong(warning)}`);
    return { id, violations: [] };
  } catch (error) {
    const failure = StepwireError.from(error);
    if (failure.violations.length === 0) throw failure;
    const inFile = (field: string) =>
      field
        .replace(/^files\[(\d+)\](\.path$)?/, (_, index: string) => `dataset.files.${dataset.files[Number(index)]?.split ?? index}`)
        .replace(/^(?:header\.)?(columns|files)(?=$|\.)/, "dataset.$1");
    return { id: undefined, violations: placed(failure.violations.map((fault) => ({ ...fault, field: inFile(fault.field) }))) };
  }
}

/** Faults as a reader of the file comes to them. */
function inLineOrder(faults: readonly FieldViolation[]): FieldViolation[] {
  const line = ({ field }: FieldViolation) => Number(/:(\d+)(?::|$)/.exec(field)?.[1] ?? 0);
  return faults.toSorted((a, b) => line(a) - line(b));
}

/** The id that a user named, or that of the file. */
function studyId(name: string): string {
  if (!/[./\\]/.test(name) || !existsSync(name)) return name;
  const { id } = readStudyFile(name, "<study>");
  if (id !== undefined) return id;
  throw StepwireError.invalid([
    {
      field: "<study>",
      reason: "REQUIRED",
      description: `"${name}" names no id; give the study's id (\`stepwire study list\` shows them)`,
    },
  ]);
}

async function writeReports(study: StudyHandle, folder: string, output: Output, signal: AbortSignal): Promise<void> {
  for (const [format, name] of Object.entries(reportFiles))
    await writeOutput("--output", join(folder, name), await study.report(format as StudyReportFormat, { signal }));
  output.note(`wrote ${Object.values(reportFiles).join(", ")} to ${shownLong(folder)}`);
}

function planText({ plan, arms, seeds, tuning }: Study): string {
  if (!plan) return "";
  const tuned = plan.tuningRuns > 0 ? `${plan.tuningRuns} tuning runs and ` : "";
  const trials = (tuning?.trials ?? 1) > 1 ? `, ${tuning?.trials} trials each` : "";
  return `${arms.length} arms${trials}, ${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"}: ${tuned}${plan.finalRuns} final runs`;
}

function showPlan(study: Study, output: Output): void {
  const { plan } = study;
  output.print(`study ${shown(study.id)}: ${planText(study)}`);
  if (!plan) return;
  output.print(
    `about ${clock(plan.expectedSeconds)} of training, one job after the other; up to ${bytes(plan.peakMemoryBytes)} of memory a job`,
  );
  const rows = study.arms.map(({ name, optimizer, search }) => [
    name,
    optimizer?.name || "custom chain",
    Object.keys(search).join(", ") || "-",
  ]);
  output.print(table([["ARM", "OPTIMIZER", "SEARCHED"], ...rows], output.columns));
}
