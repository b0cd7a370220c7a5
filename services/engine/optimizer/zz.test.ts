import { test } from "vitest";
import { tf, runOp } from "../tensorflow.js";
import { createOptimizer } from "./createOptimizer.js";
import { createParameterStore } from "../parameterStore.js";
import { readFileSync } from "node:fs";
test("bench", () => {
  const f = readFileSync("/work/shared/models/all-MiniLM-L6-v2/model.safetensors");
  const n = Number(f.readBigUInt64LE(0)); const h = JSON.parse(f.subarray(8, 8 + n).toString());
  const store = createParameterStore(); const g = new Map<string, any>(); let total = 0;
  for (const [k, v] of Object.entries<any>(h)) { if (!v.shape || v.dtype !== "F32") continue; total += v.shape.reduce((a: number, b: number) => a * b, 1); store.set(k, tf.randomNormal(v.shape).dataSync() as Float32Array, v.shape); g.set(k, runOp("DeepCopy", [tf.randomNormal(v.shape)])); }
  for (const [name, hyper] of Object.entries({ adamw: { learning_rate: 5e-5, beta1: .9, beta2: .999, epsilon: 1e-8, weight_decay: .01 }, sgd: { learning_rate: .02, momentum: .9, dampening: 0, nesterov: false, weight_decay: 0 } })) for (const executor of ["native", "tensor"] as const) {
    const o = createOptimizer({ name, hyperparameters: hyper, parameters: store, executor });
    const times: string[] = [];
    for (let step = 1; step <= (executor === "native" ? 15 : 3); step++) { const t = performance.now(); const r = o.update(g, { learningRate: 5e-5, step, gradientScale: .5 }); times.push((performance.now() - t).toFixed(1)); if (step == 1) console.log(r); }
    console.log(name, executor, total, g.size, times.join(" ")); o.dispose();
  }
});
