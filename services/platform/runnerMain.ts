import { Worker } from "node:worker_threads";
import { createMailbox } from "./mailbox.js";
import { beat, type RunnerMessage } from "./runnerMessage.js";

/** Between two signs of life. */
const beatMs = 1000;

/** What a runner's handler may use. */
export interface RunnerControl {
  /** Tells the supervisor. Settles once the message left this process: a handler that awaits it cannot flood the channel. */
  send(message: RunnerMessage): Promise<void>;
  /**
   * The supervisor asked to stop. Seen only when the event loop gets a turn. Whoever asks says by asking that the work has advanced: ask once
   * a step, a batch, a file, and never while waiting, or a runner that hangs looks alive.
   */
  shouldStop(): boolean;
  /** Aborted when the supervisor asks to stop: for what can only wait, such as a download. */
  signal: AbortSignal;
  /** What the supervisor hands over after the input, for a runner that is kept; ends when it asks to stop. */
  requests: AsyncIterable<unknown>;
}

/**
 * The main of a runner: waits for its input, runs `handler`, exits with 0; with 1, after a message `{ type: "error", name, message, stack }`,
 * when it throws. Without its supervisor it ends at once, even in the middle of a long synchronous call.
 */
export async function runnerMain(handler: (input: unknown, control: RunnerControl) => Promise<void>): Promise<void> {
  const parent = Number(process.env["STEPWIRE_PARENT_PID"]);
  if (!process.send || !Number.isInteger(parent)) throw new Error("A runner must be started by a supervisor.");
  process.on("disconnect", () => process.exit(1));
  // Ctrl-C reaches the whole process group; the supervisor decides what becomes of its runners.
  process.on("SIGINT", () => undefined);
  const stopping = new AbortController();
  const requests = createMailbox<unknown>(Infinity);
  const started = new Promise<unknown>((resolve) => {
    process.on("message", (message: { type: string; input?: unknown }) => {
      if (message.type === "start") resolve(message.input);
      else if (message.type === "request") requests.put(message.input);
      else if (message.type === "stop") stopping.abort();
    });
  });
  await startWatchdog(parent);
  const input = await started;
  // From here on the supervisor counts how long it hears nothing.
  sendToSupervisor(beat).catch(() => undefined);
  let code = 0;
  // The channel keeps order: once the last message has left, all have.
  let last = Promise.resolve();
  const send = (message: RunnerMessage) => (last = sendToSupervisor(message));
  let lastBeat = 0;
  const shouldStop = () => {
    if (Date.now() - lastBeat >= beatMs) {
      lastBeat = Date.now();
      sendToSupervisor(beat).catch(() => undefined);
    }
    return stopping.signal.aborted;
  };
  try {
    await handler(input, { send, shouldStop, signal: stopping.signal, requests: requests.take(stopping.signal) });
  } catch (error) {
    code = 1;
    const known = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(`${known.stack ?? known.message}\n`);
    await send({ type: "error", name: known.name, message: known.message, stack: known.stack }).catch(() => undefined);
  }
  await last.catch(() => undefined);
  process.exit(code);
}

function sendToSupervisor(message: RunnerMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send) reject(new Error("The supervisor is gone."));
    else process.send(message, undefined, {}, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * "disconnect" needs a turn of the event loop, which a synchronous TensorFlow call may not give for minutes: so a thread of its own looks
 * every second whether the parent is still the parent, and kills the process when it is not.
 */
function startWatchdog(parent: number): Promise<void> {
  const source = `
    const look = () => { if (process.ppid !== ${parent}) process.kill(process.pid, "SIGKILL"); };
    look();
    setInterval(look, 1000);
  `;
  const watchdog = new Worker(source, { eval: true, stdout: false, stderr: false });
  watchdog.unref();
  return new Promise((resolve, reject) => {
    watchdog.once("online", resolve);
    watchdog.once("error", reject);
  });
}
