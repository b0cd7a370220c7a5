import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { EvaluatePredictionsRequest } from "@stepwire/proto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { StepwireError } from "../stepwireError.js";
import { type ContractServer, detailedError, startContractServer } from "../testing/contractServer.js";
import { createOutput } from "./output.js";
import { evaluatePredictions, type PredictionFlags } from "./sentPredictions.js";

let folder: string;
let server: ContractServer;
let received: EvaluatePredictionsRequest[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-sent-"));
  // Takes everything but a level of 7, and calls without rows.
  server = await startContractServer({
    evaluator: {
      EvaluatePredictions: (call, callback) => {
        received = [];
        call.on("data", (message: EvaluatePredictionsRequest) => received.push(message));
        call.on("end", () => {
          const violations = [
            ...(received[0]?.header?.level === 7
              ? [{ field: "header.level", reason: "OUT_OF_RANGE", description: "7 is out of range" }]
              : []),
            ...(received.length < 2 ? [{ field: "rows", reason: "REQUIRED", description: "no row came" }] : []),
          ];
          if (violations.length === 0) callback(null, { id: "e", state: "EVALUATION_STATE_SUCCEEDED" });
          else callback(detailedError({ code: status.INVALID_ARGUMENT, reason: "INVALID_FIELDS", message: "", metadata: {}, violations }));
        });
      },
    },
  });
});
afterEach(() => {
  received = [];
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** @returns the faults, or the classes that were sent */
async function evaluate(
  content: string | Uint8Array,
  options: object = {},
  flags: Partial<PredictionFlags> = {},
): Promise<readonly string[]> {
  const path = join(folder, "p.jsonl");
  await writeFile(path, content);
  const asked = { predictions: path, model: "m", dataset: "d", level: "0.95", ...options };
  const call = evaluatePredictions(server.stepwire, asked, { violations: [], ...flags }, createOutput(true), new AbortController().signal);
  return await call.then(
    () => received[0]?.header?.classes ?? [],
    (error: unknown) =>
      (error as StepwireError).violations.map(({ field, description }) => `${field}: ${description}`.replaceAll(`${folder}/`, "")),
  );
}
const good = '{"label": "b", "predicted": "a"}';

describe("a file of predictions", () => {
  it("may begin with a byte order mark, and has its classes found", async () => {
    expect(await evaluate(`\uFEFF${good}\n${good}`)).toEqual(["a", "b"]);
    expect(await evaluate('{"label": 2, "predicted": 0}')).toEqual(["0", "1", "2"]);
  });

  it("has faults of lines, of rows and of flags told together, each with its line", async () => {
    const lines = [good, "", "nonsense", '{"label": "b"}', "", '{"label": 7.5, "predicted": "b"}'];
    const flags = { level: 7, violations: [{ field: "--seed", reason: "OUT_OF_RANGE", description: '"-1" is not allowed' }] };
    const ofRows = [
      'p.jsonl:3: "nonsense" is not a JSON object',
      "p.jsonl:4: rows[2]: has neither predicted nor probabilities; give one of them",
      "p.jsonl:6: rows[3].label: 7.5 is not a class; allowed: a, b, or 0 to 1",
    ];
    expect(await evaluate(lines.join("\n"))).toEqual(ofRows);
    expect(await evaluate(lines.join("\n"), {}, { level: 7 })).toEqual(["header.level: 7 is out of range", ...ofRows]);
    expect(await evaluate(lines.join("\n"), {}, flags)).toEqual([
      '--seed: "-1" is not allowed',
      "header.level: 7 is out of range",
      ...ofRows,
    ]);
  });

  it("whose classes cannot be told has the faults of its lines told all the same", async () => {
    const lines = ['{"label": "a", "probabilities": [0.5, 0.5]}', "nonsense"];
    expect(await evaluate(lines.join("\n"), {}, { level: 7 })).toEqual([
      "--classes: is not given; probabilities or numbers beside names of classes need them in their order",
      "header.level: 7 is out of range",
      'p.jsonl:2: "nonsense" is not a JSON object',
    ]);
    expect(await evaluate('{"label": "a", "predicted": "a"}')).toEqual([
      '--classes: is not given, and "a" is the only class in the file; name all of them',
    ]);
  });

  it("with more classes than there may be has that one fault", async () => {
    const names = Array.from({ length: 300 }, (_, index) => JSON.stringify({ label: `class ${index}`, predicted: "class 0" }));
    expect(await evaluate(names.join("\n"))).toEqual([
      '--predictions: "p.jsonl" has more than 256 different names: "class 0", "class 1", "class 2", ...; allowed: 2 to 256 classes, or --task regression',
    ]);
    expect(await evaluate('{"label": 999, "predicted": 3}')).toEqual([
      '--predictions: "p.jsonl" has 1000 classes, numbered from 0 to 999; allowed: 2 to 256 classes, or --task regression',
    ]);
  });

  it("that is not UTF-8 is refused, since labels would become alike", async () => {
    const lines = [good, '{"label": "b\xe9", "predicted": "b\xe8"}', good].join("\n");
    expect(await evaluate(Buffer.from(lines, "latin1"))).toEqual(["p.jsonl:2: is not UTF-8; save the file in that encoding"]);
  });

  it("is named when it has no rows, or is none", async () => {
    expect(await evaluate("\n")).toEqual(['--predictions: "p.jsonl": no row came']);
    expect(await evaluate(good, { predictions: folder })).toEqual([
      `--predictions: "${folder}" cannot be read: it is a folder; allowed: a file of JSON Lines`,
    ]);
    expect(await evaluate(good, { predictions: "none.jsonl" })).toEqual([
      '--predictions: "none.jsonl" cannot be read: there is no such file; allowed: a file of JSON Lines',
    ]);
  });
});
