import type { Command } from "commander";
import type { Optimizer } from "../messages.js";
import { decimals, table } from "./format.js";
import type { GlobalOptions } from "./globalOptions.js";
import type { Output } from "./output.js";
import { shownLong } from "./printable.js";

export function optimizersCommand(program: Command, output: Output): void {
  program
    .command("optimizers")
    .description("List the optimizers that a job can name, or describe one.")
    .argument("[name]", "an optimizer: show its formula, source and hyperparameters")
    .option("--json", "print JSON, one object a line")
    .addHelpText("after", "\nExamples:\n  stepwire optimizers\n  stepwire optimizers adamw")
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const [{ withServices }, { messageJson }, { nearest }, { quote }, { StepwireError }] = await Promise.all([
        import("./services.js"),
        import("../mapping/messageJson.js"),
        import("../mapping/nearest.js"),
        import("../mapping/quote.js"),
        import("../stepwireError.js"),
      ]);
      const options = command.optsWithGlobals<GlobalOptions>();
      const all = await withServices(options, { trainer: true, mayStart: true }, output, (stepwire) => stepwire.optimizers.list());
      const chosen = name === undefined ? all : all.filter((optimizer) => optimizer.name === name);
      if (name !== undefined && chosen.length === 0) {
        const names = all.map((optimizer) => optimizer.name);
        const meant = nearest(name, names);
        const hint = meant === undefined ? `allowed: ${names.join(", ")}` : `did you mean "${meant}"?`;
        throw new StepwireError("NOT_FOUND", `There is no optimizer ${quote(name)}; ${hint}`, { reason: "OPTIMIZER_NOT_FOUND" });
      }
      for (const optimizer of chosen) output.line("optimizer", messageJson("stepwire.v1.Optimizer", optimizer, "plain"));
      const [first] = chosen;
      output.print(
        name !== undefined && first
          ? details(first)
          : table([["NAME", "DESCRIPTION"], ...all.map((optimizer) => [optimizer.name, optimizer.description])]),
      );
    });
}

function details(optimizer: Optimizer): string {
  const rows = optimizer.hyperparameters.map(({ name, type, defaultValue, range, description }) => [
    name,
    type,
    defaultValue === undefined ? "-" : JSON.stringify(defaultValue),
    range,
    description,
  ]);
  return [
    shownLong(`${optimizer.name}: ${optimizer.description}`),
    "",
    ...optimizer.formula.split("\n").map((line) => `  ${line}`),
    "",
    `source      ${shownLong(optimizer.source)}`,
    `chain       ${shownLong(optimizer.chain.join(" -> "))}`,
    `state size  ${decimals(optimizer.stateSize)} x parameters`,
    "",
    table([["HYPERPARAMETER", "TYPE", "DEFAULT", "ALLOWED", "MEANING"], ...rows]),
  ].join("\n");
}
