import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

// What work costs, measured so that it is the same on a fast machine and a slow one, idle or busy: processor time, not time on the clock, over
// the processor time of a computation that is always the same.

const rounds = 20_000_000;

/** Processor milliseconds of the fixed computation, one unit: some 20 on a server of 2024. The smaller of two: what else runs here only adds. */
export function unitMs(): number {
  return Math.min(computeOnce(), computeOnce());
}

function computeOnce(): number {
  const started = mainThreadMs();
  let state = 1;
  for (let round = 0; round < rounds; round++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  // Never true: keeps the loop from being optimised away.
  if (state === 0.5) throw new Error("unreachable");
  return mainThreadMs() - started;
}

function inMilliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

/** Runs work and says what it cost this process, all threads, in units (about 20 ms of a processor's time each). */
export async function costOf<T>(work: () => T | Promise<T>): Promise<{ result: T; units: number }> {
  const { result, milliseconds } = await processorTimeOf(work);
  return { result, units: milliseconds / unitMs() };
}

/** Runs work and says how many processor milliseconds it took this process, all threads. */
export async function processorTimeOf<T>(work: () => T | Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const started = process.cpuUsage();
  const result = await work();
  return { result, milliseconds: inMilliseconds(process.cpuUsage(started)) };
}

/** Runs work and says what it cost another process meanwhile, in units as `costOf`. */
export async function costToProcess<T>(pid: number, work: () => Promise<T>): Promise<{ result: T; units: number }> {
  const before = await processorMs(pid);
  const result = await work();
  return { result, units: ((await processorMs(pid)) - before) / unitMs() };
}

/** Processor milliseconds that a process has used so far; the system counts in steps of ten. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const [user = "", system = ""] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return 10 * (Number(user) + Number(system));
}

/**
 * Runs work and says what the turns of the event loop cost meanwhile, in units as `costOf`: how long others would have had to wait. `longest`: the
 * longest one; `usual`: all but one in a hundred cost less.
 */
export async function costOfTurns<T>(work: () => Promise<T>): Promise<{ result: T; longest: number; usual: number }> {
  const costs: number[] = [];
  let last = mainThreadMs();
  const turn = () => {
    const now = mainThreadMs();
    costs.push(now - last);
    last = now;
  };
  const timer = setInterval(turn, 1);
  try {
    const result = await work();
    turn();
    costs.sort((a, b) => a - b);
    const unit = unitMs();
    return { result, longest: (costs.at(-1) ?? 0) / unit, usual: (costs[Math.floor(0.99 * costs.length)] ?? 0) / unit };
  } finally {
    clearInterval(timer);
  }
}

/** Processor milliseconds of this thread, the first of its process: neither what other threads use nor waiting for a processor counts. */
export function mainThreadMs(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}
