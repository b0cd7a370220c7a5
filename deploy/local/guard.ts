import { spawn } from "node:child_process";

// Runs a program that knows nothing of its parent (nats-server) and ends it when the process that started the guard is gone, however it
// went: the parent holds the other end of the IPC channel, which closes with it. The guard is started detached, so that the keys of a
// terminal (Ctrl-C) do not reach the program before those that need it have finished.
// Usage: fork(guard, [grace in ms, program, ...arguments], { detached: true })

const lingerMs = 3000;
const [grace = "5000", program = "", ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
child.once("spawn", () => process.send?.({ type: "spawned", pid: child.pid }, undefined, {}, () => undefined));
child.once("error", (error) => {
  process.stderr.write(`${program}: ${error.message}\n`);
  process.exit(1);
});
child.once("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 0));

const stop = () => {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), Number(grace)).unref();
};
// The parent was killed. What it ran beside the program sees that at the same moment, and may still need it to finish in order.
process.once("disconnect", () => setTimeout(stop, lingerMs));
process.once("SIGTERM", stop);
// The parent decides when the program ends.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
