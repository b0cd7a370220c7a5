import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { cancelCommand } from "./cancel.js";
import { compareCommand } from "./compare.js";
import { evaluateCommand } from "./evaluate.js";
import { evaluationCommand } from "./evaluation.js";
import { interrupt } from "./interrupt.js";
import { jobsCommand } from "./jobs.js";
import { optimizersCommand } from "./optimizers.js";
import { createOutput } from "./output.js";
import { predictCommand } from "./predict.js";
import { printable } from "./printable.js";
import { studyCommand } from "./study.js";
import { trainCommand } from "./train.js";
import { watchCommand } from "./watch.js";

// Only what describes the commands is loaded here: the SDK, and gRPC with it, is loaded by the command that runs.

const output = createOutput(process.argv.includes("--json"));
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
/** The command whose action was started. */
let running: Command | undefined;

const program = new Command("stepwire")
  .description("Fine-tune text models with a named optimizer, and learn how good the result is.")
  .addOption(new Option("--trainer-address <host:port>", "where the trainer is (default: $STEPWIRE_TRAINER_ADDRESS, else 127.0.0.1:50051)"))
  .addOption(
    new Option("--evaluator-address <host:port>", "where the evaluator is (default: $STEPWIRE_EVALUATOR_ADDRESS, else 127.0.0.1:50052)"),
  )
  .version(version, "-V, --version", "print the version")
  .addHelpText(
    "after",
    `
Examples:
  stepwire train --train reviews.csv --text review --label stars --optimizer adamw
  stepwire jobs --state running
  stepwire watch job-1a2b3c --json | jq .loss
  stepwire train --help

Results go to standard output, progress and diagnostics to standard error.
Exit codes: 0 done; 1 a job failed or something went wrong; 2 bad input; 130, 143 interrupted.`,
  )
  .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) })
  .showHelpAfterError("(stepwire --help, or stepwire <command> --help, says what is allowed)")
  .hook("preAction", (_program, command) => {
    running = command;
  })
  .exitOverride();

for (const define of [
  trainCommand,
  watchCommand,
  jobsCommand,
  cancelCommand,
  evaluateCommand,
  evaluationCommand,
  predictCommand,
  compareCommand,
  studyCommand,
  optimizersCommand,
])
  define(program, output);

for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // The reader, `head` for example, has seen enough.
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? reportUsage(error) : await reportFailure(error);
}

function reportUsage(error: CommanderError): number {
  if (error.exitCode === 0) return 0;
  output.line("error", { code: "INVALID_ARGUMENT", reason: "USAGE", message: error.message, metadata: {}, violations: [] });
  return 2;
}

async function reportFailure(error: unknown): Promise<number> {
  const [{ StepwireError }, { exitCodeOf }, { errorFields }, { failureText }, { faultFlags }] = await Promise.all([
    import("../stepwireError.js"),
    import("./exitCode.js"),
    import("./output.js"),
    import("./failureText.js"),
    import("./faultFlags.js"),
  ]);
  const failure = StepwireError.from(error);
  const interrupted = interrupt().exitCode();
  output.live("");
  if (interrupted !== undefined && failure.reason === "ABORTED_BY_CALLER") return interrupted;
  output.line("error", errorFields(failure));
  output.note(`stepwire: ${failureText(failure, faultFlags(commandName(running), running?.opts() ?? {}))}`);
  return interrupted ?? exitCodeOf(failure);
}

/** For example `study watch`, which has other arguments than `watch`. */
function commandName(command: Command | undefined): string {
  if (!command?.parent) return "";
  return `${commandName(command.parent)} ${command.name()}`.trimStart();
}
