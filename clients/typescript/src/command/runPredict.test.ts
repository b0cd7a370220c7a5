import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf } from "../testing/failureOf.js";
import { runStepwire } from "../testing/runStepwire.js";
import { type ServiceServer, startServiceServer } from "../testing/serviceServer.js";
import { createOutput } from "./output.js";
import { runPredict } from "./runPredict.js";

let server: ServiceServer;
let folder = "";
beforeAll(async () => {
  server = await startServiceServer();
  folder = await mkdtemp(join(tmpdir(), "stepwire-predict-"));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("stepwire predict --file", () => {
  it("names the line that is not UTF-8, and predicts for nothing in its place", async () => {
    const file = join(folder, "latin1.txt");
    await writeFile(file, Buffer.from("caf\u00e9\n", "utf8"));
    expect((await runStepwire([...server.flags, "predict", "job", "--file", file, "--json"])).lines[0]).toMatchObject({
      text: "caf\u00e9",
    });
    await writeFile(file, Buffer.from("fine\r\n\r\ncaf\u00e9\r\n", "latin1"));
    const { code, stdout, stderr } = await runStepwire([...server.flags, "predict", "job", "--file", file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`${file}:3: is not UTF-8; save the file as UTF-8`);
  });

  it("leaves out the mark that some editors put first, and cuts at no other character than a line break", async () => {
    const file = join(folder, "marked.txt");
    await writeFile(file, "\ufeffa\u2028b\n");
    expect((await runStepwire([...server.flags, "predict", "job", "--file", file, "--json"])).lines[0]).toMatchObject({ text: "a\u2028b" });
  });

  it("exits with 2 for a text that no call takes", async () => {
    const file = join(folder, "long.txt");
    await writeFile(file, `fine\n${"x".repeat(5_000_000)}\n`);
    const { code, stderr } = await runStepwire([...server.flags, "predict", "job", "--file", file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`text 2 of ${file}.text: has 5000000 bytes; allowed: at most 393216 bytes in a call`);
  });
});

async function faultsOf(file: string): Promise<string[]> {
  const { code, violations } = await failureOf(runPredict("job", [], { file }, createOutput(true)));
  expect(code).toBe("INVALID_ARGUMENT");
  return violations.map(({ field, description }) => `${field}: ${description}`.replaceAll(`${folder}/`, ""));
}

describe("texts of a file", () => {
  it("are refused with every line that cannot be used, before any is predicted", async () => {
    const file = join(folder, "texts.jsonl");
    await writeFile(file, ['{"text": "fine"}', "nonsense", "", '"fine"', '{"txt": "b"}', "7"].join("\n"));
    expect(await faultsOf(file)).toEqual([
      'texts.jsonl:2: "nonsense" is not JSON',
      'texts.jsonl:5: { txt: \'b\' } has no text; allowed: {"text": "...", "text_pair": "..."}',
      'texts.jsonl:6: 7 has no text; allowed: {"text": "...", "text_pair": "..."}',
    ]);
    await writeFile(file, "nonsense\n".repeat(30));
    expect(await faultsOf(file)).toHaveLength(20);
  });

  it("are no folder", async () => {
    expect(await faultsOf(folder)).toEqual([`--file: "${folder}" cannot be read: it is a folder; allowed: a file of texts`]);
    expect(await faultsOf(join(folder, "none.txt"))).toEqual(['--file: "none.txt" cannot be read: there is no such file']);
  });
});
