import { Command, CommanderError, Option } from "commander";
import { cancelCommand } from "./cancel.js";
import { evaluateCommand } from "./evaluate.js";
import { interrupt } from "./interrupt.js";
import { jobsCommand } from "./jobs.js";
import { optimizersCommand } from "./optimizers.js";
import { createOutput } from "./output.js";
import { trainCommand } from "./train.js";
import { watchCommand } from "./watch.js";

// Only what describes the commands is loaded here: the SDK, and gRPC with it, is loaded by the command that runs.

const json = process.argv.includes("--json");
const output = createOutput(json);

const program = new Command("stepwire")
  .description("Fine-tune text models with a named optimizer, and learn how good the result is.")
  .addOption(new Option("--trainer-address <host:port>", "where the trainer is (default: $STEPWIRE_TRAINER_ADDRESS, else 127.0.0.1:50051)"))
  .addOption(
    new Option("--evaluator-address <host:port>", "where the evaluator is (default: $STEPWIRE_EVALUATOR_ADDRESS, else 127.0.0.1:50052)"),
  )
  .showHelpAfterError("(stepwire --help, or stepwire <command> --help, says what is allowed)")
  .exitOverride();
if (json) program.configureOutput({ writeErr: () => undefined });

for (const define of [trainCommand, watchCommand, jobsCommand, cancelCommand, evaluateCommand, optimizersCommand]) define(program);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
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
  const [{ StepwireError }, { exitCodeOf }, { errorFields }, { inFlags }] = await Promise.all([
    import("../stepwireError.js"),
    import("./exitCode.js"),
    import("./output.js"),
    import("./trainFlags.js"),
  ]);
  const failure = StepwireError.from(error);
  const interrupted = interrupt().exitCode();
  output.live("");
  if (interrupted !== undefined && failure.reason === "ABORTED_BY_CALLER") return interrupted;
  output.line("error", errorFields(failure));
  if (!json) output.note(`stepwire: ${program.args[0] === "train" ? inFlags(failure.message) : failure.message}`);
  return interrupted ?? exitCodeOf(failure);
}
