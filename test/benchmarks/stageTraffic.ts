import type { CompiledChain } from "#core/optimizers/compileChain.js";
import type { StepScalars } from "#core/optimizers/evaluateScalar.js";
import { isReduction, type Stage } from "#core/optimizers/program.js";
import { initialMemory } from "#core/optimizers/runChain.js";

/** How many times a step must go over a stream of the parameters' size: each stream that a stage reads or writes, once each. */
export interface Traffic {
  stages: number;
  passes: number;
}

/** What a step of an element-wise chain reads and writes. `undefined` for a chain with transforms of whole tensors. */
export function stepTraffic(chain: CompiledChain, step: StepScalars): Traffic | undefined {
  const tensors = [{ size: 1, decayed: 1, layersAbove: 0, learningRateScale: 1 }];
  const traffic: Traffic = { stages: 0, passes: 0 };
  for (const segment of chain.segments) {
    if (segment.kind === "matrix") return undefined;
    const environment = { step: { ...step, totalSize: 1 }, tensors, remembered: initialMemory(chain, 1), reductions: new Map() };
    for (const stage of segment.program(environment).stages) {
      traffic.stages++;
      traffic.passes += passesOf(stage);
    }
  }
  return traffic;
}

/** A stream that is written before anything reads it costs only the write. */
function passesOf({ streams, instructions }: Stage): number {
  const read = new Set<number>();
  const written = new Set<number>();
  for (const { opcode, destination, sources } of instructions) {
    for (const source of sources) if (source < streams.length && !written.has(source)) read.add(source);
    if (!isReduction(opcode) && destination < streams.length) written.add(destination);
  }
  return read.size + written.size;
}
