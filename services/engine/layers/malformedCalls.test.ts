import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { beforeAll, describe, expect, it } from "vitest";
import { opcodes } from "#core/optimizers/program.js";
import { loadKernels } from "../kernels.js";
import { type Attribute, runOpOutputs, tf } from "../tensorflow.js";

// What our own layers never ask for: an operation must say what is wrong, and not touch memory that is not its own.

const x = (...shape: number[]): Tensor => tf.ones(shape);
const whole = (...values: number[]): Tensor => tf.tensor1d(values, "int32");
const table = (...rows: number[][]): Tensor => tf.tensor2d(rows, [rows.length, 6], "int32");
const attends = { heads: { int: 2 }, kv_heads: { int: 1 }, causal: { int: 1 }, rate: { float: 0 } };
const epsilon = { epsilon: { float: 1e-5 } };
const turns = { heads: { int: 2 }, inverse: { int: 0 } };
const drops = { rate: { float: 0 } };

/** A sum of two streams of one tensor into the second of them, with what is said of rows. */
const stage = (first: Tensor, second: Tensor, ...sparse: number[]): [Tensor[], Record<string, Attribute>] => [
  [first, second, x(1, 1), whole(...sparse)],
  {
    ...{ K: { int: 2 }, tensors: { int: 1 }, program: { int: [opcodes.indexOf("add"), 1, 0, 1, -1, -1, -1] }, written: { int: [1] } },
    ...{ temporaries: { int: 0 }, reductions: { int: 0 }, form: { string: "any" } },
  },
];

const outputs: Readonly<Record<string, number>> = {
  StepwireAttention: 2,
  StepwireRmsNorm: 2,
  StepwireStreamRmsNorm: 3,
  StepwireRmsNormGrad: 2,
  StepwireStreamRmsNormGrad: 2,
  StepwireStreamNorm: 4,
  StepwireStreamNormGrad: 5,
};

const cases: [string, string, Tensor[], Record<string, Attribute>, RegExp][] = [
  [
    "keys of another width",
    "StepwireAttention",
    [x(4, 8), x(4, 8), x(4, 4), table([0, 4, 0, 0, 0, 4])],
    attends,
    /k has shape \[4, 8\].*\[4, 4\]/,
  ],
  [
    "heads that share no keys",
    "StepwireAttention",
    [x(4, 8), x(4, 4), x(4, 4), table()],
    { ...attends, kv_heads: { int: 3 } },
    /cannot share/,
  ],
  ["a rate of one", "StepwireAttention", [x(4, 8), x(4, 4), x(4, 4), table()], { ...attends, rate: { float: 1 } }, /rate is 1/],
  ["a sequence beyond the rows", "StepwireAttention", [x(4, 8), x(4, 4), x(4, 4), table([2, 3, 0, 0, 0, 4])], attends, /sequence 0/],
  [
    "sequences that overlap",
    "StepwireAttention",
    [x(4, 8), x(4, 4), x(4, 4), table([0, 3, 0, 0, 0, 4], [2, 2, 0, 0, 0, 4])],
    attends,
    /sequence 1/,
  ],
  ["odd halves", "StepwireRotary", [x(4, 6), whole(0, 1, 2, 3), x(4, 1), x(4, 1)], turns, /halves of 2 heads/],
  ["a position beyond the table", "StepwireRotary", [x(2, 8), whole(0, 4), x(4, 2), x(4, 2)], turns, /position 4 of row 1 is not among 4/],
  ["a position before it", "StepwireRotary", [x(2, 8), whole(0, -1), x(4, 2), x(4, 2)], turns, /position -1/],
  ["a gain of another width", "StepwireRmsNorm", [x(4, 8), x(7)], epsilon, /weight has shape \[7\]/],
  ["a branch of another shape", "StepwireStreamRmsNorm", [x(4, 8), x(8), x(3, 8)], epsilon, /branch has shape \[3, 8\]/],
  ["roots of other rows", "StepwireRmsNormGrad", [x(4, 8), x(4, 8), x(3), x(8)], {}, /inverse has shape \[3\]/],
  ["no gradient of the sum", "StepwireStreamRmsNormGrad", [x(4, 8), x(4, 8), x(4), x(8), x(4, 7)], {}, /dsum has shape \[4, 7\]/],
  [
    "a branch of another shape",
    "StepwireStreamNorm",
    [x(4, 8), x(4, 9), x(8), whole(0, 0), x(8), x(8)],
    { ...epsilon, ...drops },
    /branch has shape \[4, 9\]/,
  ],
  ["no gradient of the sum", "StepwireStreamNormGrad", [x(4, 8), x(4, 8), x(4), whole(0, 0), x(8), x(8)], drops, /dsum has shape \[8\]/],
  ["rows that end early", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 0, 0, 4, 2, 1), /sparse ends within a stream/],
  ["rows of no number", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 0, 0, 4, -2), /sparse ends within a stream/],
  ["rows of a stream that is not there", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 0, 2, 4, 2, 1, 2), /stream 2.*not there/],
  ["rows of a tensor that is not there", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 1, 0, 4, 2, 1, 2), /tensor 1 is not there/],
  ["rows that would be written", "StepwireOptimizerStage", ...stage(x(4, 3), x(2, 3), 0, 1, 4, 2, 1, 2), /would be written/],
  ["more rows than there are", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 0, 0, 4, 3, 1, 2, 3), /shape \[2, 3\].*\[3, any\]/],
  ["rows beyond the table", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 0, 0, 4, 2, 1, 4), /do not ascend within/],
  ["rows before the table", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 0, 0, 4, 2, -1, 1), /do not ascend within/],
  ["a row twice", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 0, 0, 4, 2, 1, 1), /do not ascend within/],
  ["a stream's rows twice", "StepwireOptimizerStage", ...stage(x(1, 3), x(4, 3), 0, 0, 4, 1, 1, 0, 0, 4, 1, 2), /not in order/],
  ["rows of a table of another size", "StepwireOptimizerStage", ...stage(x(2, 3), x(4, 3), 0, 0, 5, 2, 1, 2), /stream 1 \[4, 3\]/],
  ["a gate of another shape", "StepwireSwiGlu", [x(4, 8), x(4, 7)], {}, /up has shape \[4, 7\]/],
];

beforeAll(() => expect(loadKernels()).toEqual({ available: true }));

describe("a malformed call is refused", () => {
  it.each(cases)("%s", (_what, name, inputs, attributes, problem) => {
    expect(() => runOpOutputs(name, inputs, attributes, outputs[name] ?? 1)).toThrow(problem);
  });
});

it("sequences of one seed drop other numbers, however far along they are", () => {
  // 1024 sequences of 4 heads with lines of 1024 are 2^32 numbers before this one.
  const run = (place: number) => {
    const inputs = [x(8, 4), x(8, 4), x(8, 4), table([0, 8, 5, 6, place, 1024])];
    const attributes = { heads: { int: 4 }, kv_heads: { int: 4 }, causal: { int: 0 }, rate: { float: 0.5 } };
    return Array.from((runOpOutputs("StepwireAttention", inputs, attributes, 2)[0] as Tensor).dataSync());
  };
  expect(run(1024)).not.toEqual(run(0));
  expect(run(1024)).toEqual(run(1024));
});
