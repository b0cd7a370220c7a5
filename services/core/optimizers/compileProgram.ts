import { eachPart, keyOf, reductionsOf, stageOf } from "./analyse.js";
import { allocatePlaces } from "./allocatePlaces.js";
import type { FormulaSegment } from "./chain.js";
import { chooser } from "./conditions.js";
import { type Expression, stream } from "./expression.js";
import { lowerExpressions, StreamOverwritten } from "./lowerExpressions.js";
import { isReduction, type Program, type Stage } from "./program.js";
import { simplify } from "./simplify.js";

/** A program with what the host computes after it. */
export interface CompiledSegment extends Program {
  readonly remembered: FormulaSegment["remembered"];
  readonly report: FormulaSegment["report"];
}

/** What a stream becomes, and in which stage it is written. */
interface Write {
  readonly stream: string;
  readonly next: Expression;
  stage: number;
}

/**
 * Compiles formulas into a vector program. What changes from step to step (learning rate, bias corrections, clipping) and from tensor to
 * tensor (decay mask, norms) are its scalars. A stage writes what it can and no later stage needs the old value of; what a later stage needs
 * again it computes again from what was written, which costs reading but no memory.
 * @param outcomes of the conditions that choose between vectors, by key
 * @throws Error for formulas that no program can express: a defect of a transform, not of its values
 */
export function compileProgram(segment: FormulaSegment, outcomes: ReadonlyMap<string, boolean>): CompiledSegment {
  const choose = chooser(outcomes);
  const resolve = (node: Expression) => simplify(choose(node));
  const writes = segment.results
    .map(({ stream: name, next }): Write => ({ stream: name, next: resolve(next), stage: 0 }))
    .filter(({ stream: name, next }) => keyOf(next) !== keyOf(stream(name)));
  for (const write of writes) write.stage = stageOf(write.next);
  const remembered = segment.remembered.map(({ key, next }) => ({ key, next: resolve(next) }));
  const report = segment.report.map((entry) => ({ ...entry, value: resolve(entry.value) }));
  const reductions = reductionsOf([...writes, ...remembered].map(({ next }) => next).concat(report.map(({ value }) => value)));
  return { stages: compileStages(writes, reductions), remembered, report };
}

function compileStages(writes: Write[], reductions: ReturnType<typeof reductionsOf>): Stage[] {
  for (;;) {
    const count = 1 + Math.max(0, ...writes.map(({ stage }) => stage), ...reductions.map(({ of }) => stageOf(of)));
    const stages: Stage[] = [];
    let conflict: Write | undefined;
    for (let number = 0; number < count && !conflict; number++) {
      try {
        stages.push(compileStage(number, writes, reductions));
      } catch (error) {
        conflict = error instanceof StreamOverwritten ? writes.find(({ stream: name }) => name === error.stream) : undefined;
        if (!conflict) throw error;
        // The old value is needed here: it stays until here.
        conflict.stage = number;
      }
    }
    if (!conflict) return stages;
  }
}

function compileStage(number: number, writes: readonly Write[], allReductions: ReturnType<typeof reductionsOf>): Stage {
  const now = writes.filter(({ stage }) => stage === number);
  const known = new Map(writes.filter(({ stage }) => stage < number).map(({ stream: name, next }) => [keyOf(next), name]));
  const reductions = allReductions.filter(({ of }) => stageOf(of) === number);
  const names = [...new Set([...streamsOf([...now.map(({ next }) => next), ...reductions]), ...writes.map(({ stream: name }) => name)])];
  const lowered = lowerExpressions({ streams: names, results: now.map(({ next }) => next), reductions, known });
  const finals = new Map(now.map(({ stream: name }, index) => [name, lowered.results[index] ?? -1]));
  const streams = names.filter(
    (name, value) =>
      finals.has(name) || [...finals.values()].includes(value) || lowered.instructions.some(({ sources }) => sources.includes(value)),
  );
  const place = (value: number): number =>
    value < names.length ? streams.indexOf(names[value] ?? "") : value - names.length + streams.length;
  const instructions = lowered.instructions.map((instruction) => ({
    ...instruction,
    destination: isReduction(instruction.opcode) ? instruction.destination : place(instruction.destination),
    sources: instruction.sources.map(place),
  }));
  const placed = [...finals].map(([name, value]) => [streams.indexOf(name), place(value)] as const);
  return {
    streams,
    written: now.map(({ stream: name }) => name),
    ...allocatePlaces(instructions, streams.length, new Map(placed)),
    scalars: lowered.scalars,
    reductions,
  };
}

/** The streams in the order of their first mention. */
function streamsOf(roots: readonly Expression[]): string[] {
  const found = new Set<string>();
  eachPart(roots, (node) => {
    if (node.kind === "stream") found.add(node.stream);
  });
  return [...found];
}
