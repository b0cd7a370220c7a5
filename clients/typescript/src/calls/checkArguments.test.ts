import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JsonObject, messageJson, type Stepwire } from "../index.js";
import { type ContractServer, startContractServer } from "../testing/contractServer.js";
import { failureOf } from "../testing/failureOf.js";

// What JavaScript, or TypeScript with a wrong cast, may pass: always a StepwireError that names the argument, and nothing is sent.

let server: ContractServer;
let calls = 0;
beforeAll(async () => {
  const count = (): void => void calls++;
  server = await startContractServer({
    trainer: { CreateTrainingJob: count, GetTrainingJob: (_call, callback) => callback(null, { id: "job" }), ListTrainingJobs: count },
    catalog: { ImportDataset: count, GetDataset: count, ListOptimizers: count },
    evaluator: { CreateEvaluation: count, GetEvaluation: (_call, callback) => callback(null, { id: "e" }), ListEvaluations: count },
  });
});
afterAll(() => server.close());

/** Without types. */
type Untyped = Record<string, (...args: unknown[]) => unknown>;
const untyped = (value: object): Untyped => value as Untyped;
const first = (iterable: unknown): Promise<unknown> => (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();

const cyclic: Record<string, unknown> = { a: [1] };
cyclic["self"] = [cyclic];
let deep: unknown = 1;
for (let level = 0; level < 10_000; level++) deep = [deep];
const job = (hyperparameters: unknown) => ({
  model: "m",
  dataset: { id: "d" },
  optimizer: { name: "adamw", hyperparameters: hyperparameters as JsonObject },
});
const at = "optimizer.hyperparameters";
const files = (...list: unknown[]) => ({ columns: { text: "text", label: "label" }, files: list });

type Misuse = [name: string, call: (stepwire: Stepwire) => unknown, faults: Record<string, RegExp>];
const misuses: Misuse[] = [
  ["jobs.create()", ({ jobs }) => untyped(jobs)["create"]?.(), { job: /^undefined is not an object$/ }],
  ["jobs.create(null)", ({ jobs }) => untyped(jobs)["create"]?.(null), { job: /^null is not an object$/ }],
  ["jobs.create([])", ({ jobs }) => untyped(jobs)["create"]?.([]), { job: /is not an object$/ }],
  ["jobs.create({}, null)", ({ jobs }) => untyped(jobs)["create"]?.({}, null), { options: /^null is not an object$/ }],
  [
    "jobs.create with options of wrong kinds",
    ({ jobs }) => untyped(jobs)["create"]?.({}, { id: 5, requestId: {}, validateOnly: "yes", requestID: "x" }),
    {
      "options.id": /^5 is not a string$/,
      "options.requestId": /is not a string/,
      "options.validateOnly": /^"yes" is not true or false$/,
      "options.requestID": /did you mean "requestId"\?/,
    },
  ],
  ["NaN in hyperparameters", ({ jobs }) => jobs.create(job({ learning_rate: NaN })), { [`${at}.learning_rate`]: /^NaN is not finite$/ }],
  ["infinity in hyperparameters", ({ jobs }) => jobs.create(job({ a: [1, -Infinity] })), { [`${at}.a[1]`]: /^-Infinity is not finite$/ }],
  [
    "a bigint in hyperparameters",
    ({ jobs }) => untyped(jobs)["create"]?.(job({ a: 10n })),
    { [`${at}.a`]: /^10n is a bigint; give a number$/ },
  ],
  [
    "a Map in hyperparameters",
    ({ jobs }) => untyped(jobs)["create"]?.(job({ a: new Map() })),
    { [`${at}.a`]: /cannot be written as JSON/ },
  ],
  [
    "hyperparameters that contain themselves",
    ({ jobs }) => untyped(jobs)["create"]?.(job(cyclic)),
    { [`${at}.self[0]`]: /contains itself/ },
  ],
  [
    "hyperparameters without end",
    ({ jobs }) => untyped(jobs)["create"]?.(job({ a: deep })),
    { [`${at}.a${"[0]".repeat(32)}`]: /32 levels deep/ },
  ],
  [
    "a bigint for an integer",
    ({ jobs }) => untyped(jobs)["create"]?.({ seed: 2n ** 60n }),
    { seed: /^1152921504606846976n is not a whole number$/ },
  ],
  [
    "an integer that is not exact",
    ({ jobs }) => jobs.create({ seed: 2 ** 53 }),
    { seed: /^9007199254740992 is out of range; allowed: -9007199254740991 to/ },
  ],
  ["jobs.get()", ({ jobs }) => untyped(jobs)["get"]?.(), { id: /^undefined is not a string$/ }],
  ["jobs.get(5)", ({ jobs }) => untyped(jobs)["get"]?.(5), { id: /^5 is not a string$/ }],
  ['jobs.get("")', ({ jobs }) => jobs.get(""), { id: /^is empty; give an id$/ }],
  [
    "jobs.get with an unknown option",
    ({ jobs }) => untyped(jobs)["get"]?.("j", { deadlineMS: 5 }),
    { "options.deadlineMS": /did you mean "deadlineMs"\?/ },
  ],
  [
    "a deadline that is a text",
    ({ jobs }) => untyped(jobs)["get"]?.("j", { deadlineMs: "5" }),
    { "options.deadlineMs": /^"5" is not a number/ },
  ],
  [
    "a deadline below zero",
    ({ jobs }) => jobs.get("j", { deadlineMs: -1 }),
    { "options.deadlineMs": /^-1 is not a number of milliseconds above 0$/ },
  ],
  [
    "a signal that is none",
    ({ jobs }) => untyped(jobs)["get"]?.("j", { signal: {} }),
    { "options.signal": /^\{\} is not an AbortSignal$/ },
  ],
  ["jobs.cancel(null)", ({ jobs }) => untyped(jobs)["cancel"]?.(null), { id: /^null is not a string$/ }],
  ["jobs.list(null)", ({ jobs }) => first(untyped(jobs)["list"]?.(null)), { options: /^null is not an object$/ }],
  [
    "jobs.list with wrong options",
    ({ jobs }) => first(untyped(jobs)["list"]?.({ state: "RUNNING", pageSize: 1.5, labels: "a=b" })),
    { state: /did you mean "states"\?/, pageSize: /^1.5 is not a whole number$/, labels: /is not an object/ },
  ],
  [
    "job.watch with wrong options",
    async ({ jobs }) => await first(untyped(await jobs.get("job"))["watch"]?.({ resumetoken: "x", resumeToken: 5, signal: "now" })),
    { resumetoken: /did you mean "resumeToken"\?/, resumeToken: /^5 is not a string$/, signal: /^"now" is not an AbortSignal$/ },
  ],
  [
    "job.result with wrong options",
    async ({ jobs }) => await untyped(await jobs.get("job"))["result"]?.({ timeout: 5 }),
    { timeout: /unknown field/ },
  ],
  ["datasets.import()", ({ datasets }) => untyped(datasets)["import"]?.(), { dataset: /^undefined is not an object$/ }],
  [
    "datasets.import({})",
    ({ datasets }) => untyped(datasets)["import"]?.({}),
    { columns: /undefined is not an object/, files: /has no file/ },
  ],
  [
    "datasets.import with files of wrong kinds",
    ({ datasets }) =>
      untyped(datasets)["import"]?.(files(null, { split: 5, path: 6 }, { split: "train", content: 7, format: "CSV" }, { pth: "a" })),
    {
      "files[0]": /^null is not an object$/,
      "files[1].split": /^5 is not a string$/,
      "files[1].path": /^6 is not a string$/,
      "files[2].content": /^7 is not a string or a Uint8Array$/,
      "files[3].pth": /did you mean "path"\?/,
    },
  ],
  [
    "datasets.import with files that are no list",
    ({ datasets }) => untyped(datasets)["import"]?.({ ...files(), files: "a.csv" }),
    { files: /^"a.csv" is not a list$/ },
  ],
  [
    "datasets.import with a bad callback",
    ({ datasets }) => untyped(datasets)["import"]?.(files(), { onProgress: 1 }),
    { "options.onProgress": /^1 is not a function$/ },
  ],
  ["datasets.get({})", ({ datasets }) => untyped(datasets)["get"]?.({}), { id: /is not a string/ }],
  ["optimizers.list(5)", ({ optimizers }) => untyped(optimizers)["list"]?.(5), { options: /^5 is not an object$/ }],
  ["evaluations.create()", ({ evaluations }) => untyped(evaluations)["create"]?.(), { evaluation: /^undefined is not an object$/ }],
  [
    "evaluations.create with wrong kinds",
    ({ evaluations }) => untyped(evaluations)["create"]?.({ trainingJob: 5, split: null, level: "0.9" }),
    { trainingJob: /^5 is not a string$/, split: /^null is not a string$/, level: /^"0.9" is not a number$/ },
  ],
  [
    "evaluations.list with wrong options",
    ({ evaluations }) => first(untyped(evaluations)["list"]?.({ trainingJob: 5, pageSize: "a" })),
    { trainingJob: /not a string/, pageSize: /whole number/ },
  ],
  [
    "evaluation.result with wrong options",
    async ({ evaluations }) => await untyped(await evaluations.get("e"))["result"]?.(7),
    { options: /^7 is not an object$/ },
  ],
  [
    "messageJson of an unknown type",
    async () => await Promise.resolve().then(() => messageJson("stepwire.v1.Job", {}, "plain")),
    { typeName: /is not a message type/ },
  ],
  [
    "messageJson of nothing",
    async () => await Promise.resolve().then(() => untyped({ messageJson })["messageJson"]?.("stepwire.v1.TrainingJob", null, "x")),
    { message: /null is not an object/, style: /"proto3" or "plain"/ },
  ],
];

describe("an argument of a wrong kind is refused by name, before anything is sent", () => {
  for (const [name, call, faults] of misuses)
    it(`in ${name}`, async () => {
      const before = calls;
      const error = await failureOf(Promise.resolve(call(server.stepwire)));
      expect(error.code).toBe("INVALID_ARGUMENT");
      expect(error.violations.map(({ field }) => field).toSorted()).toEqual(Object.keys(faults).toSorted());
      for (const { field, description } of error.violations) expect(description).toMatch(faults[field] ?? /nothing/);
      expect(calls).toBe(before);
    });
});
