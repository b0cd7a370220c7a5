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
    .addHelpText("after", "\nExamples:\n  stepwire optimizers\n  stepwire optimizers adamw\n  stepwire optimizers --elements")
    .option("--elements", "list the elements that custom chains are made of")
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const [{ withServices }, { messageJson }] = await Promise.all([import("./services.js"), import("../mapping/messageJson.js")]);
      const options = command.optsWithGlobals<GlobalOptions & { elements?: boolean }>();
      await withServices(options, { trainer: true, mayStart: true }, output, async ({ optimizers }) => {
        if (options.elements) {
          const elements = await optimizers.elements();
          output.line("elements", { elements: elements.map((element) => messageJson("stepwire.v1.OptimizerElement", element, "plain")) });
          output.print(table([["NAME", "KIND", "DESCRIPTION"], ...elements.map((each) => [each.name, each.kind ?? "", each.description])]));
          return;
        }
        const chosen = name === undefined ? await optimizers.list() : [await optimizers.get(name)];
        output.line("optimizers", { optimizers: chosen.map((optimizer) => messageJson("stepwire.v1.Optimizer", optimizer, "plain")) });
        const [first] = chosen;
        output.print(
          name !== undefined && first
            ? details(first)
            : table([["NAME", "DESCRIPTION"], ...chosen.map((optimizer) => [optimizer.name, optimizer.description])]),
        );
      });
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
