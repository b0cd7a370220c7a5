import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { keepRunning } from "./keepRunning.js";
import { repositoryRoot } from "./repositoryRoot.js";

/** A service to run as a child of this process. */
export interface ServiceProgram {
  name: string;
  /** Its compiled main, from `dist`. */
  path: string;
  /** host:port; port 0 takes a free one. */
  listen: string;
  environment: NodeJS.ProcessEnv;
  /** Where its output goes. */
  log: NodeJS.WritableStream;
  notice: (text: string) => void;
}

/** A service that is started again when it ends by itself, at the address that it had. */
export interface ServiceProcess {
  /** The address that it listens at, empty for one that does not; rejects when it ends before it is ready. */
  ready: Promise<string>;
  stop(): Promise<void>;
}

/** Longer than a service's own grace, which is its runners' and five seconds. */
function graceMs({ STEPWIRE_STOP_SECONDS: stopSeconds }: NodeJS.ProcessEnv): number {
  return 1000 * (Number(stopSeconds) || 10) + 8000;
}

/** Starts a service; it ends when this process does, however that goes, since their IPC channel closes. */
export function startService(program: ServiceProgram): ServiceProcess {
  const stopping = new AbortController();
  const { signal } = stopping;
  let child = launch(program, program.listen);
  const ended = howItEnds(child);
  const ready = Promise.race([
    addressOf(child),
    ended.then((how) => {
      throw new Error(`the ${program.name} did not start (${how})`);
    }),
  ]);
  const kept = ready.then(
    (address) =>
      keepRunning(
        program.name,
        ended,
        () => {
          child = launch(program, address || program.listen);
          return howItEnds(child);
        },
        { signal, notice: program.notice },
      ),
    () => undefined,
  );
  return {
    ready,
    stop: async () => {
      stopping.abort();
      await end(child, graceMs(program.environment));
      await kept;
    },
  };
}

function launch({ path, environment, log }: ServiceProgram, listen: string): ChildProcess {
  const child = fork(join(repositoryRoot, "dist", path), [], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...environment, STEPWIRE_LISTEN: listen },
    // Ctrl-C in a terminal reaches this process only, which then ends the services in their order; a runner is left to its supervisor.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false });
  return child;
}

/** Waits for the message that says that the service does its work. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on("message", (message: { type?: string; address?: string }) => {
      if (message.type === "ready") resolve(message.address ?? "");
    });
  });
}

async function howItEnds(child: ChildProcess): Promise<string> {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal ?? `exit code ${code}`;
}

async function end(child: ChildProcess, limitMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  await exited;
  clearTimeout(timer);
}
