import type { Metadata } from "@grpc/grpc-js";
import type { CreateStudyRequestInput, ListStudiesResponse, StudyReport } from "@stepwire/proto";
import { createBackoff } from "../calls/backoff.js";
import { idViolations, objectViolations, optionViolations, requireValid } from "../calls/checkArguments.js";
import { patienceMs, pollUntil } from "../calls/pollUntil.js";
import { serverStream } from "../calls/serverStream.js";
import { unary } from "../calls/unary.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import { wrongType, writeMessage } from "../mapping/writeMessage.js";
import type { Study, StudyInput, StudyRun } from "../messages.js";
import { callOptionNames, type CallOptions } from "../options.js";
import { StepwireError } from "../stepwireError.js";
import { createOptionNames, type CreateOptions, createRequest, withoutId } from "./createOptions.js";
import { pages } from "./pages.js";
import { isEnded } from "./watchTrainingJob.js";

/** What a report is written as: `json` is described in docs/studies.md, `html` is one file that needs no other. */
export type StudyReportFormat = "json" | "markdown" | "html";
const reportFormats: readonly StudyReportFormat[] = ["json", "markdown", "html"];

/** A study as it was when it was fetched, and what can be done with it. */
export interface StudyHandle extends Study {
  /** The study as it is now. */
  get(options?: CallOptions): Promise<Study>;
  /** The study now and after each change, all its runs included, ending when the study ends. A lost connection is made again. */
  watch(options?: { signal?: AbortSignal | undefined }): AsyncIterable<Study>;
  /**
   * Waits until the report is there.
   * @throws StepwireError CANCELLED, or FAILED_PRECONDITION with the study's error code as `reason`
   */
  result(options?: { signal?: AbortSignal | undefined }): Promise<Study>;
  /** The report of a study that SUCCEEDED. */
  report(format?: StudyReportFormat, options?: CallOptions): Promise<string>;
  /** Ends the study and the jobs that it has running. */
  cancel(options?: CallOptions): Promise<Study>;
}

/** Which studies `list` returns, newest first. */
export interface ListStudiesOptions extends CallOptions {
  /** Studies fetched by one call: at most 1000, 50 by default. All pages are listed in any case. */
  pageSize?: number | undefined;
}

/** Calls about studies. */
export interface Studies {
  /** Stores a study and queues it. Returns once it is durable. Every fault of the declaration is reported at once. */
  create(study: StudyInput, options?: CreateOptions): Promise<StudyHandle>;
  get(id: string, options?: CallOptions): Promise<StudyHandle>;
  /** Without their runs. */
  list(options?: ListStudiesOptions): AsyncIterable<StudyHandle>;
  cancel(id: string, options?: CallOptions): Promise<Study>;
  report(id: string, format?: StudyReportFormat, options?: CallOptions): Promise<string>;
}

/** The trainer is asked about every trial of every arm. */
const createDeadlineMs = 300_000;

const read = (message: object): Study => readMessage("stepwire.v1.Study", message);

export function studies(connection: Connection): Studies {
  const { study: service } = connection;
  const checkCall = (id: string, options: CallOptions) =>
    requireValid(idViolations(id), optionViolations(options, callOptionNames, "options"));

  const get = async (id: string, options: CallOptions = {}): Promise<Study> => {
    checkCall(id, options);
    return read(await unary<object>(connection, "StudyService/GetStudy", (...call) => service.GetStudy({ id }, ...call), options));
  };
  const cancel = async (id: string, options: CallOptions = {}): Promise<Study> => {
    checkCall(id, options);
    return read(await unary<object>(connection, "StudyService/CancelStudy", (...call) => service.CancelStudy({ id }, ...call), options));
  };
  const report = async (id: string, format: StudyReportFormat = "json", options: CallOptions = {}): Promise<string> => {
    checkCall(id, options);
    if (!reportFormats.includes(format)) requireValid([wrongType("format", format, `one of ${reportFormats.join(", ")}`)]);
    const call = unary<StudyReport>(
      connection,
      "StudyService/GetStudyReport",
      (...rest) => service.GetStudyReport({ id, format }, ...rest),
      options,
    );
    return (await call).document;
  };

  const handle = (study: Study): StudyHandle => ({
    ...study,
    get: (options) => get(study.id, options),
    watch: (options = {}) => watch(connection, study.id, options),
    result: async (options = {}) => {
      requireValid(optionViolations(options, ["signal"], ""));
      const ended = await pollUntil(
        () => get(study.id, options),
        ({ state }) => isEnded(state),
        options.signal,
      );
      if (ended.state !== "SUCCEEDED") throw failureOf(ended);
      return ended;
    },
    report: (format, options) => report(study.id, format, options),
    cancel: (options) => cancel(study.id, options),
  });

  async function* list(options: ListStudiesOptions = {}): AsyncGenerator<StudyHandle, void, undefined> {
    const violations = optionViolations(options, ["pageSize", ...callOptionNames], "");
    const request = writeMessage("stepwire.v1.ListStudiesRequest", { pageSize: options?.pageSize }, "", violations);
    requireValid(violations);
    yield* pages<ListStudiesResponse, StudyHandle>(
      connection,
      "StudyService/ListStudies",
      (token) =>
        (...call) =>
          service.ListStudies({ ...request, page_token: token }, ...call),
      (page) => page.studies.map((study) => handle(read(study))),
      options,
    );
  }

  return {
    create: async (study, options = {}) => {
      const violations = [...objectViolations(study, "study"), ...optionViolations(options, createOptionNames, "options")];
      const message = writeMessage("stepwire.v1.Study", withoutId(study, "study", violations), "", violations);
      requireValid(violations);
      const { id, ...common } = createRequest(options);
      const request: CreateStudyRequestInput = { study: message, study_id: id, ...common };
      return handle(
        read(
          await unary<object>(
            connection,
            "StudyService/CreateStudy",
            (...call) => service.CreateStudy(request, ...call),
            options,
            createDeadlineMs,
          ),
        ),
      );
    },
    get: async (id, options) => handle(await get(id, options)),
    list,
    cancel,
    report,
  };
}

async function* watch(
  connection: Connection,
  id: string,
  options: { signal?: AbortSignal | undefined },
): AsyncGenerator<Study, void, undefined> {
  requireValid(idViolations(id), optionViolations(options, ["signal"], ""));
  const { signal } = options;
  const backoff = createBackoff(100, 5000);
  let failingSince: number | undefined;
  for (;;) {
    let failure = new StepwireError("UNAVAILABLE", `The watch of study "${id}" ended before the study did.`, {
      reason: "WATCH_ENDED_EARLY",
    });
    try {
      // A new stream begins with all runs.
      const runs = new Map<string, StudyRun>();
      const start = (metadata: Metadata) => connection.study.WatchStudy({ id }, metadata);
      for await (const message of serverStream(connection, "StudyService/WatchStudy", start, signal)) {
        const update = readMessage("stepwire.v1.StudyUpdate", message);
        if (!update.study) continue;
        for (const run of update.changedRuns) runs.set(run.trainingJob, run);
        failingSince = undefined;
        backoff.reset();
        yield { ...update.study, runs: [...runs.values()] };
        if (isEnded(update.study.state)) return;
      }
    } catch (error) {
      failure = StepwireError.from(error);
    }
    failingSince ??= Date.now();
    if (!failure.retryable || Date.now() - failingSince > patienceMs) throw failure;
    await backoff.wait(signal).catch((error: unknown) => {
      throw StepwireError.from(error);
    });
  }
}

function failureOf(study: Study): StepwireError {
  const metadata = { resource: "study", id: study.id, state: study.state };
  if (study.state === "CANCELLED")
    return new StepwireError("CANCELLED", `Study "${study.id}" was CANCELLED.`, { reason: "STUDY_CANCELLED", metadata });
  const { code = "UNKNOWN", message = "the server did not say why" } = study.error ?? {};
  return new StepwireError("FAILED_PRECONDITION", `Study "${study.id}" FAILED: ${message}`, { reason: code, metadata });
}
