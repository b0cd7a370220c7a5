import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { requireFreeAddresses } from "./freeAddress.js";
import { ensureSetup } from "./setup.js";
import { startStack } from "./stack.js";
import { verifySetup } from "./verifySetup.js";

// Runs everything in the foreground: npm start. The `stepwire` command starts it with --private: free ports, quiet, the addresses over IPC.

const usage = `npm start -- [options]
  --trainer-listen HOST:PORT    (127.0.0.1:50051)
  --evaluator-listen HOST:PORT  (127.0.0.1:50052)
  --data FOLDER                 artifacts, NATS data (STEPWIRE_DATA, ~/.local/share/stepwire)
  --model-root FOLDER           jobs may load models from here; may be given several times`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "trainer-listen": { type: "string" },
      "evaluator-listen": { type: "string" },
      data: { type: "string" },
      "model-root": { type: "string", multiple: true, default: [] },
      private: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const isPrivate = values.private;
  const { STEPWIRE_DATA: data, XDG_DATA_HOME: base } = process.env;
  // A private stack must not share the data of one that runs: two nats-servers cannot have one folder.
  const dataFolder = values.data ?? (data || join(base || join(homedir(), ".local/share"), "stepwire"));
  const trainerListen = values["trainer-listen"] ?? (isPrivate ? "127.0.0.1:0" : "127.0.0.1:50051");
  const evaluatorListen = values["evaluator-listen"] ?? (isPrivate ? "127.0.0.1:0" : "127.0.0.1:50052");
  // A command that someone waits for must not download and compile behind their back.
  if (isPrivate) verifySetup();
  else await ensureSetup();
  await requireFreeAddresses({ "--trainer-listen": trainerListen, "--evaluator-listen": evaluatorListen });
  const starting = startStack({
    dataFolder,
    trainerListen,
    evaluatorListen,
    modelRoots: values["model-root"],
    ...(!isPrivate && { logTo: process.stderr, onNotice: (text: string) => console.error(text) }),
  });
  const stop = (): void => {
    starting
      .then((stack) => stack.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  // From here on, so that a stack whose caller goes while it starts ends too.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  process.on("disconnect", stop);
  if (process.send && !process.connected) stop();
  const stack = await starting;
  const { stop: _stop, ...addresses } = stack;
  if (process.connected) process.send?.({ type: "ready", ...addresses }, undefined, {}, () => undefined);
  if (isPrivate) return;
  console.log(`trainer    ${stack.trainerAddress}`);
  console.log(`evaluator  ${stack.evaluatorAddress}`);
  console.log(`nats       ${stack.natsUrl}   user ${stack.natsUser}, password in ${join(dataFolder, "nats/password")}`);
  console.log(`data       ${dataFolder}`);
  console.log("Ctrl-C stops everything.");
}

try {
  await main();
} catch (error) {
  console.error(`start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
