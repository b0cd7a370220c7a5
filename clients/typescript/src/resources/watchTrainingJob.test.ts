import { status } from "@grpc/grpc-js";
import type { TrainingEventInput, TrainingJobInput as WireJob } from "@stepwire/proto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ContractHandlers, type ContractServer, detailedError, startContractServer } from "../testing/contractServer.js";
import { failureOf } from "../testing/failureOf.js";

let server: ContractServer | undefined;
afterEach(() => server?.close());

async function serve(trainer: NonNullable<ContractHandlers["trainer"]>) {
  server = await startContractServer({ trainer });
  return server.stepwire;
}

const wireJob = (state: WireJob["state"], more: WireJob = {}): WireJob => ({
  id: "job",
  uid: "u",
  ...(state !== undefined && { state }),
  ...more,
});

const point = (step: number): TrainingEventInput => ({
  job: "job",
  resume_token: String(step),
  metric: {
    step,
    loss: step === 2 ? NaN : step / 2,
    kind: "METRIC_KIND_TRAIN",
    time: { seconds: 1_700_000_000, nanos: 5_000_000 },
    optimizer_scalars: { ratio: Infinity },
  },
});
const ended: TrainingEventInput = { job: "job", resume_token: "9", state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED" } };

describe("job.watch", () => {
  it("goes on with the resume token when the connection is lost, and ends after the job's end", async () => {
    const tokens: string[] = [];
    const stepwire = await serve({
      GetTrainingJob: (_call, callback) => callback(null, wireJob("TRAINING_JOB_STATE_RUNNING")),
      WatchTrainingJob: (call) => {
        tokens.push(call.request.resume_token);
        if (tokens.length === 1) {
          call.write(point(1));
          call.write(point(2));
          call.emit("error", { code: status.UNAVAILABLE, details: "restarting" });
        } else if (tokens.length === 2) {
          call.end();
        } else {
          call.write(point(3));
          call.write(ended);
          call.end();
        }
      },
    });
    const job = await stepwire.jobs.get("job");
    const events = [];
    for await (const event of job.watch()) events.push(event);
    expect(tokens).toEqual(["", "2", "2"]);
    expect(events.map(({ metric }) => metric?.loss)).toEqual([0.5, NaN, 1.5, undefined]);
    expect(events[0]?.metric).toMatchObject({
      kind: "TRAIN",
      step: 1,
      time: new Date(1_700_000_000_005),
      optimizerScalars: { ratio: Infinity },
    });
    expect(Object.keys(events[0] ?? {})).not.toContain("event");
    expect(events.at(-1)?.stateChange?.state).toBe("SUCCEEDED");
  });

  it("cancels the call when the loop is left, and when its signal is aborted", async () => {
    let cancelled = 0;
    const stepwire = await serve({
      GetTrainingJob: (_call, callback) => callback(null, wireJob("TRAINING_JOB_STATE_RUNNING")),
      WatchTrainingJob: (call) => {
        call.write(point(1));
        call.once("cancelled", () => cancelled++);
      },
    });
    const job = await stepwire.jobs.get("job");
    for await (const event of job.watch()) if (event.metric) break;
    const controller = new AbortController();
    const read = async () => {
      for await (const event of job.watch({ signal: controller.signal })) if (event.metric) controller.abort();
    };
    expect(await failureOf(read())).toMatchObject({ code: "CANCELLED" });
    await expect.poll(() => cancelled).toBe(2);
  });

  it("does not repeat what cannot succeed", async () => {
    const stepwire = await serve({
      GetTrainingJob: (_call, callback) => callback(null, wireJob("TRAINING_JOB_STATE_RUNNING")),
      WatchTrainingJob: (call) =>
        void call.emit(
          "error",
          detailedError({
            code: status.NOT_FOUND,
            message: 'There is no training job "job".',
            reason: "TRAINING_JOB_NOT_FOUND",
            metadata: {},
            violations: [{ field: "id", reason: "TRAINING_JOB_NOT_FOUND", description: 'There is no training job "job".' }],
          }),
        ),
    });
    const job = await stepwire.jobs.get("job");
    const error = await failureOf(job.watch()[Symbol.asyncIterator]().next());
    expect(error).toMatchObject({ code: "NOT_FOUND", reason: "TRAINING_JOB_NOT_FOUND", message: 'There is no training job "job".' });
  });

  it("exposes the token of an event once the next one is asked for, so that an event whose handling failed comes again", async () => {
    const tokens: string[] = [];
    const stepwire = await serve({
      GetTrainingJob: (_call, callback) => callback(null, wireJob("TRAINING_JOB_STATE_RUNNING")),
      WatchTrainingJob: (call) => {
        const { resume_token: token } = call.request;
        tokens.push(token);
        for (const step of [1, 2, 3]) if (step > Number(token)) call.write(point(step));
        call.write(ended);
        call.end();
      },
    });
    const job = await stepwire.jobs.get("job");
    const watch = job.watch();
    expect(watch.resumeToken).toBe("");
    const during: string[] = [];
    const crash = async () => {
      for await (const { metric } of watch) {
        during.push(watch.resumeToken);
        if (metric?.step === 2) throw new Error("the disk is full");
      }
    };
    await expect(crash()).rejects.toThrow("the disk is full");
    expect(during).toEqual(["", "1"]);
    expect(watch.resumeToken).toBe("1");

    const again = job.watch({ resumeToken: watch.resumeToken });
    const steps: (number | undefined)[] = [];
    for await (const { metric } of again) steps.push(metric?.step);
    expect(steps).toEqual([2, 3, undefined]);
    expect(tokens).toEqual(["", "1"]);
    expect(again.resumeToken).toBe(ended.resume_token);
  });

  it("connects again although the caller has taken minutes for an event", async () => {
    let connections = 0;
    const stepwire = await serve({
      GetTrainingJob: (_call, callback) => callback(null, wireJob("TRAINING_JOB_STATE_RUNNING")),
      WatchTrainingJob: (call) => {
        connections++;
        if (connections === 1) {
          call.write(point(1));
          call.emit("error", { code: status.UNAVAILABLE, details: "restarting" });
        } else {
          call.write(ended);
          call.end();
        }
      },
    });
    const job = await stepwire.jobs.get("job");
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const states: unknown[] = [];
      for await (const { metric, stateChange } of job.watch()) {
        if (metric) vi.setSystemTime(Date.now() + 10 * 60_000);
        else states.push(stateChange?.state);
      }
      expect(states).toEqual(["SUCCEEDED"]);
    } finally {
      vi.useRealTimers();
    }
  });
});
