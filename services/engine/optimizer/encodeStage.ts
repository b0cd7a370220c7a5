import { type Instruction, opcodes, type Stage } from "#core/optimizers/program.js";

/** A stage as the kernel's attributes have it. */
export interface EncodedStage {
  /** Seven numbers an instruction: opcode, destination, three sources, two scalar slots; -1 where there is none. */
  readonly program: number[];
  /** The places of the streams that it writes. */
  readonly written: number[];
}

/** Turns names into the numbers that the kernel reads. */
export function encodeStage({ instructions, streams, written }: Stage): EncodedStage {
  return { program: instructions.flatMap(encode), written: written.map((name) => streams.indexOf(name)) };
}

function encode({ opcode, destination, sources, scalars }: Instruction): number[] {
  const [a = -1, b = -1, c = -1] = sources;
  const [s = -1, t = -1] = scalars;
  return [opcodes.indexOf(opcode), destination, a, b, c, s, t];
}
