import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServices, type TestServices } from "../datasets/testServices.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";

const program = fileURLToPath(new URL("../../clients/typescript/bin/stepwire.js", import.meta.url));
let broker: TestBroker;
let services: TestServices;
let folder: string;
beforeAll(async () => {
  broker = await startTestBroker();
  services = await startTestServices(broker);
  folder = await mkdtemp(join(tmpdir(), "stepwire-predictions-"));
});
afterAll(async () => {
  await services.close();
  await broker.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

async function evaluate(content: string, ...flags: string[]): Promise<Ran> {
  const file = join(folder, "mine.jsonl");
  await writeFile(file, content);
  const given = [
    "evaluate",
    "--predictions",
    file,
    "--trainer-address",
    services.trainerAddress,
    "--evaluator-address",
    services.evaluatorAddress,
  ];
  return await promisify(execFile)(process.execPath, [program, ...given, ...flags]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as Ran,
  );
}
const named = ["--model", "mine", "--dataset", "reviews"];
const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join("\n");

describe("stepwire evaluate --predictions", () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({ label: index % 2 ? "good" : "bad", predicted: index % 5 ? "good" : "bad" }));

  it("finds the classes, and prints metrics with intervals and the evaluation's id", async () => {
    const { code, stdout } = await evaluate(lines(rows), ...named);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^evaluation evaluation-\S+ of "mine"\naccuracy 0\.500 \(95% interval 0\.\d+ to 0\.\d+, wilson\): 20 of 40 examples of "reviews"/,
    );
    expect(stdout).toContain("bad    20 ");
    expect(stdout).not.toContain("loss");
    const json = await evaluate(lines(rows), ...named, "--json", "--training-seed", "3");
    expect(JSON.parse(json.stdout)).toMatchObject({
      type: "evaluation",
      source: { model: "mine", dataset: "reviews", seed: 3 },
      examples: 40,
    });
  });

  it("reads predictions as Stepwire stores them", async () => {
    const stored = rows.map((_, index) => ({ index, label: index % 3, predicted: 0, probabilities: [0.5, 0.25, 0.25] }));
    expect((await evaluate(lines(stored), ...named)).stdout).toContain("calibration error");
  });

  it("says what is wrong with the flags, the file and its rows, all at once", async () => {
    expect((await evaluate("", "--split", "test", "--task", "regression", "--classes", "a,b")).stderr).toContain("4 fields are invalid");
    expect((await evaluate('{"label": 1, "predicted": 1}\nnonsense\n[]', ...named)).stderr).toMatch(/mine\.jsonl:2: .*\n.*mine\.jsonl:3: /);
    expect((await evaluate(lines([{ label: "a", probabilities: [0.5, 0.5] }]), ...named)).stderr).toContain("--classes: is not given");
    const faulty = await evaluate(lines([{ label: 0, probabilities: [0.5, 0.6] }]), ...named, "--level", "7", "--interval", "wald");
    expect(faulty.stderr).toMatch(/--level: 7 .*\n.*--interval: "wald"/);
    const wrong = await evaluate(lines([{ label: 0, probabilities: [0.5, 0.6] }]), ...named);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("rows[0].probabilities: add up to 1.1; allowed: 1, within 0.001");
    expect((await evaluate("", ...named)).stderr).toContain("no row came");
  });
});
