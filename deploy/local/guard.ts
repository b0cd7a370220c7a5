import { spawn } from "node:child_process";

// Runs a program that knows nothing of its parent (nats-server) and ends it when the process that started the guard is gone, however it
// went: the parent holds the other end of the IPC channel, which closes with it.
// Usage: fork(guard, [grace in ms, program, ...arguments])

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
process.once("disconnect", stop);
process.once("SIGTERM", stop);
// Ctrl-C in a terminal reaches the guard too; the parent decides when the program ends.
process.on("SIGINT", () => undefined);
