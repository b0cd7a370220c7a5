import type { ValueInstruction } from "./lowerExpressions.js";
import { type Instruction, isReduction, type Place, type Stage } from "./program.js";

/**
 * Gives every value a place. A stream's new value is written straight into the stream once nothing reads the old one any more; all other
 * values share as few temporaries as possible, since each costs a block of the first-level cache.
 * @param streams how many values are streams
 * @param finals the value that each written stream ends with
 */
export function allocatePlaces(
  instructions: readonly ValueInstruction[],
  streams: number,
  finals: ReadonlyMap<Place, number>,
): Pick<Stage, "instructions" | "temporaries"> {
  const lastRead = new Map<number, number>();
  instructions.forEach(({ sources }, at) => sources.forEach((source) => lastRead.set(source, at)));
  // A value copied at the end into a second stream, or a stream's old value kept by another, is read after all instructions.
  const copies: Instruction[] = [];
  const home = new Map<number, Place>();
  for (const [stream, value] of finals) {
    if (value === stream) continue;
    const definedAt = instructions.findIndex(({ opcode, destination }) => !isReduction(opcode) && destination === value);
    const keptElsewhere = [...finals].some(([other, kept]) => other !== stream && kept === stream);
    if (definedAt >= 0 && !home.has(value) && !keptElsewhere && (lastRead.get(stream) ?? -1) <= definedAt) home.set(value, stream);
    else {
      lastRead.set(value, instructions.length);
      copies.push({ opcode: "copy", destination: stream, sources: [value], scalars: [] });
    }
  }

  const free: Place[] = [];
  let temporaries = 0;
  const placeOf = (value: number): Place => {
    const place = value < streams ? value : home.get(value);
    if (place === undefined) throw new Error(`value ${value} is read before it is written`);
    return place;
  };
  const placed = instructions.map(({ opcode, destination, sources, scalars }, at): Instruction => {
    const places = sources.map(placeOf);
    for (const source of new Set(sources)) if (lastRead.get(source) === at && placeOf(source) >= streams) free.push(placeOf(source));
    if (isReduction(opcode)) return { opcode, destination, sources: places, scalars };
    if (!home.has(destination)) home.set(destination, free.pop() ?? streams + temporaries++);
    return { opcode, destination: placeOf(destination), sources: places, scalars };
  });
  const ordered = orderCopies(copies.map((copy) => ({ ...copy, sources: copy.sources.map(placeOf) })));
  return { instructions: [...placed, ...ordered], temporaries };
}

/** A copy must come before the one that overwrites its source. */
function orderCopies(copies: readonly Instruction[]): Instruction[] {
  const left = [...copies];
  const ordered: Instruction[] = [];
  while (left.length > 0) {
    const at = left.findIndex(
      ({ destination }) => !left.some(({ sources, destination: other }) => other !== destination && sources.includes(destination)),
    );
    if (at < 0) throw new Error("states that exchange their values have no order of copying");
    ordered.push(...left.splice(at, 1));
  }
  return ordered;
}
