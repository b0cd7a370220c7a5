import { status } from "@grpc/grpc-js";
import type { EvaluatePredictionsRequest } from "@stepwire/proto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ContractServer, detailedError, startContractServer } from "../testing/contractServer.js";
import type { StepwireError } from "../stepwireError.js";
import type { ClassRow } from "./sentPredictions.js";

let server: ContractServer | undefined;
afterEach(() => {
  vi.useRealTimers();
  server?.close();
});

type Faults = Parameters<typeof detailedError>[0]["violations"];

/** A server that answers when the predictions are there, or at once when they are refused; `late`: when they have ended. */
async function serve(refused?: Faults, late?: Faults) {
  const received: EvaluatePredictionsRequest[] = [];
  server = await startContractServer({
    evaluator: {
      EvaluatePredictions: (call, callback) => {
        const refuse = (violations: Faults) =>
          callback(detailedError({ code: status.INVALID_ARGUMENT, reason: "INVALID_FIELDS", message: "", metadata: {}, violations }));
        call.on("data", (message: EvaluatePredictionsRequest) => {
          received.push(message);
          if (refused)
            callback(
              detailedError({ code: status.INVALID_ARGUMENT, reason: "INVALID_FIELDS", message: "", metadata: {}, violations: refused }),
            );
        });
        call.on("end", () => (late ? refuse(late) : callback(null, { id: "e", state: "EVALUATION_STATE_SUCCEEDED" })));
      },
    },
  });
  return { stepwire: server.stepwire, received };
}

const asked = { model: "m", dataset: "d", classes: ["a", "b"] };

/** Rows that stop coming: when the second is waited for, and whether the source was told that no more are wanted. */
function stuckRows(): { rows: AsyncIterable<ClassRow>; awaited: Promise<void>; isLeft: () => boolean } {
  let isLeft = false;
  let given = 0;
  let secondIsAwaited = () => {};
  const awaited = new Promise<void>((resolve) => {
    secondIsAwaited = resolve;
  });
  const rows: AsyncIterable<ClassRow> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        if (given++ === 0) return Promise.resolve({ done: false, value: { label: "a", predicted: "b" } });
        secondIsAwaited();
        return new Promise(() => undefined);
      },
      return: () => {
        isLeft = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  return { rows, awaited, isLeft: () => isLeft };
}

describe("predictions whose rows do not come", () => {
  it("are waited for until the deadline", async () => {
    const { stepwire } = await serve();
    const { rows, awaited, isLeft } = stuckRows();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const sent = stepwire.evaluations.fromPredictions({ ...asked, rows }, { deadlineMs: 60_000 });
    await awaited;
    vi.advanceTimersByTime(60_000);
    await expect(sent).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(isLeft()).toBe(true);
  });

  it("are waited for until the caller aborts", async () => {
    const { stepwire } = await serve();
    const { rows, awaited, isLeft } = stuckRows();
    const controller = new AbortController();
    void awaited.then(() => controller.abort());
    await expect(stepwire.evaluations.fromPredictions({ ...asked, rows }, { signal: controller.signal })).rejects.toMatchObject({
      code: "CANCELLED",
      reason: "ABORTED_BY_CALLER",
    });
    expect(isLeft()).toBe(true);
  });

  it("are waited for until the server has refused what came", async () => {
    const { stepwire } = await serve([{ field: "header.level", reason: "OUT_OF_RANGE", description: "2 is out of range" }]);
    const { rows, isLeft } = stuckRows();
    await expect(stepwire.evaluations.fromPredictions({ ...asked, level: 2, rows })).rejects.toMatchObject({
      violations: [{ field: "header.level" }],
    });
    expect(isLeft()).toBe(true);
  });
});

describe("rows", () => {
  it("that fail to come end the call with their own error", async () => {
    const { stepwire } = await serve();
    async function* failing(): AsyncGenerator<ClassRow> {
      yield { label: "a", predicted: "a" };
      throw new Error("the disk is gone");
    }
    await expect(stepwire.evaluations.fromPredictions({ ...asked, rows: failing() })).rejects.toThrow("the disk is gone");
  });

  it("are read no further once a hundred things are wrong", async () => {
    const { stepwire } = await serve();
    let given = 0;
    async function* endless(): AsyncGenerator<ClassRow> {
      for (;;) {
        given++;
        yield { label: "c", predicted: "a" };
      }
    }
    const failure = await stepwire.evaluations.fromPredictions({ ...asked, rows: endless() }).catch((error: unknown) => error);
    expect((failure as { violations: unknown[] }).violations).toHaveLength(100);
    expect(given).toBe(100);
  });

  it("that are not alike are told by the first that differs", async () => {
    const { stepwire } = await serve();
    const faultsOf = async (rows: readonly object[], more: object = {}) => {
      const failure = await stepwire.evaluations
        .fromPredictions({ ...asked, ...more, rows: rows as ClassRow[] })
        .catch((error: unknown) => error);
      return (failure as StepwireError).violations.map(({ field, description }) => `${field}: ${description}`);
    };
    const scored = { label: "a", probabilities: [0.5, 0.5] };
    const named = { label: "a", predicted: "a" };
    expect(await faultsOf([scored, scored, named, named])).toEqual([
      "rows[2]: has predicted, and rows[0] has probabilities; allowed: the same for all rows",
    ]);
    expect(await faultsOf([named, { ...named, ...scored, group: 1 }])).toEqual([
      "rows[1]: has predicted and probabilities and group, and rows[0] has predicted; allowed: the same for all rows",
    ]);
    const number = { target: 1, predicted: 2 };
    expect(await faultsOf([{ ...number, group: "x" }, number], { task: "regression", classes: undefined })).toEqual([
      "rows[1]: has no group, and rows[0] has group; allowed: the same for all rows",
    ]);
  });

  it("that are wrong are told together with what the server has against the rest", async () => {
    const level = { field: "header.level", reason: "OUT_OF_RANGE", description: "2 is out of range" };
    const noRows = { field: "rows", reason: "REQUIRED", description: "no row came" };
    const { stepwire, received } = await serve(undefined, [level, noRows]);
    const rows = [{ label: "c", predicted: "a" }];
    await expect(stepwire.evaluations.fromPredictions({ ...asked, rows })).rejects.toMatchObject({
      violations: [{ field: "header.level" }, { field: "rows[0].label" }],
    });
    expect(received.every((message) => !message.rows)).toBe(true);
  });

  it("are not blamed for classes that are wrong", async () => {
    const { stepwire } = await serve(undefined, [{ field: "header.classes[1]", reason: "DUPLICATE", description: "is there already" }]);
    const rows = [{ label: "c", predicted: "a" }, { label: "a" }];
    await expect(stepwire.evaluations.fromPredictions({ ...asked, classes: ["a", "a"], rows })).rejects.toMatchObject({
      violations: [{ field: "header.classes[1]" }, { field: "rows[1]", reason: "REQUIRED" }],
    });
  });
});
