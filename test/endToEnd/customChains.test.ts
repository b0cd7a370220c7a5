import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { schedules } from "#core/schedules/schedules.js";
import { sample, sharedStack, tinyModel } from "../support/localStack.js";
import { runCommand } from "../support/runCommand.js";

// A chain of the caller's own, with a wrapper, groups and a schedule's options, from the flags of the command to the saved weights.

let addresses: string[];
beforeAll(async () => {
  const { trainerAddress, evaluatorAddress } = await sharedStack();
  addresses = ["--trainer-address", trainerAddress, "--evaluator-address", evaluatorAddress];
});

const train = async (...flags: string[]) =>
  await runCommand([
    ...[...addresses, "train", "--model", tinyModel("bert"), "--train", sample("train"), "--eval", sample("validation")],
    ...["--text", "text", "--label", "label"],
    ...["--max-train-rows", "64", "--batch-size", "8", "--max-length", "32", "--no-evaluate", "--seed", "1", ...flags],
  ]);

describe("stepwire train with a chain of its own", () => {
  it("takes the steps that its flags describe", async () => {
    const { code, lines, stderr } = await train(
      ...["--element", "scale_by_adam:beta2=0.98", "--element", "add_decayed_weights:weight_decay=0.02"],
      ...["--element", "scale_by_learning_rate:learning_rate=2e-4", "--wrap", "lookahead:lookahead_steps=2"],
      ...["--group", "bert.*:learning_rate_scale=0.5", "--group", "bert.embeddings.*:learning_rate_scale=0,decayed=false"],
      ...["--schedule", "polynomial", "--schedule-option", "power=2", "--schedule-option", "final_factor=0", "--warmup-steps", "2"],
      ...["--max-steps", "6", "--json"],
    );
    expect(code, stderr).toBe(0);
    const points = lines.filter(({ type, kind }) => type === "metric" && kind === "METRIC_KIND_TRAIN");
    // Two steps of warm-up from 0, then the square of the share that is left of the other four.
    const expected = [0, 0.5, 1, 0.75 ** 2, 0.5 ** 2, 0.25 ** 2].map((factor) => 2e-4 * factor);
    expect(points).toHaveLength(expected.length);
    points.forEach((point, index) => expect(Number(point["learning_rate"])).toBeCloseTo(expected[index] ?? NaN, 12));

    const result = lines.at(-1) as { type: string; id: string; optimizer: string; checkpoint: string };
    expect(result).toMatchObject({ type: "result", optimizer: "custom", hyperparameters: { learning_rate: 2e-4 } });
    const [before, after] = await Promise.all(
      [tinyModel("bert"), result.checkpoint].map(async (model) => await readTensors(join(model, "model.safetensors"))),
    );
    // As numbers: lookahead's arithmetic makes 0 of -0.
    const changed = (name: string) => {
      const now = after?.(name);
      return before?.(name).some((value, index) => value !== now?.[index]);
    };
    // A scale of 0 freezes, a later group wins over an earlier one, and other layers move.
    for (const name of ["word_embeddings.weight", "LayerNorm.weight"]) expect(changed(`embeddings.${name}`)).toBe(false);
    expect(changed("encoder.layer.1.output.dense.weight")).toBe(true);
  });

  it("says what the service refuses with the flag that caused it, all at once", async () => {
    const { code, stderr } = await train(
      ...["--element", "scale_by_adam:beta2=2", "--element", "scale_by_learning_rat", "--learning-rate", "1e-4"],
      ...["--wrap", "lookahead:lookahead_alpha=0", "--wrap", "cautious", "--group", "bert.*:learning_rate_scale=-1"],
      ...[
        "--schedule",
        "polynomial",
        "--schedule-option",
        "power=0",
        "--schedule-option",
        "pover=1",
        "--max-steps",
        "1",
        "--validate-only",
      ],
    );
    expect(code).toBe(2);
    for (const fault of [
      "--element scale_by_adam:beta2: 2 is out of range; allowed: a number at least 0, below 1",
      '--element scale_by_learning_rat: "scale_by_learning_rat" is not an element (did you mean "scale_by_learning_rate"?)',
      "--learning-rate: stands beside a chain; the hyperparameters of a chain belong to its elements",
      "--wrap lookahead:lookahead_alpha: 0 is out of range",
      '--wrap cautious: "cautious" is no wrapper',
      "--group bert.*:learning_rate_scale: -1 is out of range; allowed: a number from 0 to 1000",
      "--schedule-option power: 0 is out of range",
      '--schedule-option pover: the schedule polynomial has no option "pover" (did you mean "power"?)',
    ])
      expect(stderr).toContain(fault);
  });

  it("says what does not fit together", async () => {
    const run = async (...flags: string[]) => (await train(...flags, "--max-steps", "1", "--validate-only")).stderr;
    expect(await run("--element", "scale_by_adam")).toContain("--element: a chain must end at the learning rate");
    expect(await run("--optimizer", "schedule-free-sgd", "--wrap", "exponential_moving_average")).toContain(
      '--wrap exponential_moving_average: "schedule_free" and "exponential_moving_average" both choose the point where the model is evaluated',
    );
    expect(await run("--optimizer", "adamw", "--element", "scale_by_learning_rate")).toContain(
      '--optimizer: "adamw" stands beside a chain',
    );
    expect(await run("--optimizer", "custom")).toContain('--optimizer: "custom" needs a chain');
  });
});

it("the chain of docs/command.md is one, and is shown with its defaults", async () => {
  const page = await readFile(new URL("../../docs/command.md", import.meta.url), "utf8");
  const [, example = ""] = /--label stars \\\n(.*?--element.*?)```/s.exec(page) ?? [];
  const flags = [...example.matchAll(/"([^"]*)"|([^\s"\\]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
  expect(flags).toContain("--group");
  const { code, stdout, stderr } = await train(...flags, "--max-steps", "100", "--validate-only");
  expect(code, stderr).toBe(0);
  for (const line of [
    "optimizer        custom",
    "  element        cautious",
    "  wrapper        lookahead:lookahead_steps=5,lookahead_alpha=0.5",
    "  group          bert.embeddings.*:learning_rate_scale=0.1",
    "  group          *.LayerNorm.*:decayed=true",
    "schedule         polynomial, 50 warm-up steps",
    "  power          2",
  ])
    expect(stdout.split("\n")).toContain(line);
});

it("names every schedule in its help", async () => {
  const { stdout } = await runCommand(["train", "--help"]);
  const [, said = ""] = /--schedule <name>(.*?)--warmup-steps/s.exec(stdout) ?? [];
  const names = said.replace("(default)", "").match(/[a-z_]{5,}/g) ?? [];
  expect(names.toSorted()).toEqual(schedules.map(({ name }) => name).toSorted());
});

/** The tensors of a safetensors file of 32-bit floats, each by its name with or without the model's prefix. */
async function readTensors(path: string): Promise<(name: string) => Float32Array> {
  const file = await readFile(path);
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, start)) as Record<string, { data_offsets?: [number, number] }>;
  return (name) => {
    const offsets = (header[name] ?? header[`bert.${name}`])?.data_offsets;
    if (!offsets) throw new Error(`${path} has no tensor ${name}`);
    return new Float32Array(Uint8Array.from(file.subarray(start + offsets[0], start + offsets[1])).buffer);
  };
}
