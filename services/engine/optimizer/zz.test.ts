import { test } from "vitest";
import { tf, runOp } from "../tensorflow.js";
import { createOptimizer } from "./createOptimizer.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { createParameterStore } from "../parameterStore.js";
import { readFileSync } from "node:fs";
test("bench", () => {
  const f = readFileSync("/work/shared/models/all-MiniLM-L6-v2/model.safetensors");
  const n = Number(f.readBigUInt64LE(0)); const h = JSON.parse(f.subarray(8, 8 + n).toString());
  const store = createParameterStore(); const g = new Map<string, any>(); let total = 0;
  const add = (k: string, shape: number[]) => { total += shape.reduce((a, b) => a * b, 1); store.set(k, tf.randomNormal(shape).dataSync() as Float32Array, shape); g.set(k, runOp("DeepCopy", [tf.randomNormal(shape)])); };
  for (const [k, v] of Object.entries<any>(h)) if (v.shape && v.dtype === "F32") add(k, v.shape);
  add("classifier.weight", [2, 384]); add("classifier.bias", [2]);
  for (const [name, given] of [["adamw", {}], ["adam", {}], ["sgd", {}], ["sgd", { momentum: 0 }], ["rmsprop", {}], ["rmsprop", { centered: true, momentum: .9 }]] as const) for (const executor of ["native", "tensor"] as const) {
    const o = createOptimizer({ name, hyperparameters: validateOptimizer({ name, hyperparameters: given as any }, "").hyperparameters, parameters: store, executor });
    const times: number[] = [];
    for (let step = 1; step <= (executor === "native" ? 25 : 4); step++) { const t = performance.now(); o.update(g, { learningRate: 5e-5, step, gradientScale: .5 }); times.push(performance.now() - t); }
    times.sort((a, b) => a - b); console.log(name, JSON.stringify(given), executor, total, g.size, "min", times[0]!.toFixed(1), "median", times[times.length >> 1]!.toFixed(1)); o.dispose();
  }
});
