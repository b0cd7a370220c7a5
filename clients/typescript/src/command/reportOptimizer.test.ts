import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Optimizer } from "../messages.js";
import { startOnTerminal } from "../testing/pseudoTerminal.js";
import { runStepwire } from "../testing/runStepwire.js";
import { type ServiceServer, startServiceServer } from "../testing/serviceServer.js";
import { elementText, optimizerText } from "./reportOptimizer.js";

const muon: Optimizer = {
  name: "muon",
  description: "Orthogonalised momentum for hidden matrices, AdamW for all other parameters.",
  formula: "m = momentum m + (1 - momentum) g; theta = theta - learning_rate (ratio X + weight_decay theta), and so on and so on",
  source: "Jordan et al., 2024",
  hyperparameters: [
    { ...{ name: "learning_rate", type: "number", defaultValue: 0.00005, range: "above 0" }, description: "Peak.", unit: "per step" },
    { ...{ name: "shape", type: "text", defaultValue: "a", range: '"a", "b"' }, description: "Which.", unit: "" },
  ],
  chain: ["scale_by_muon", "scale_by_learning_rate"],
  stateSize: 1,
  otherChain: ["scale_by_adam", "scale_by_learning_rate"],
  ablations: ["muon-without-a", "muon-without-b"],
  conflicts: ["One thing.", "Another."],
};

describe("an optimizer", () => {
  it("is told in full", () => {
    expect(optimizerText(muon, 72)).toBe(
      `muon: Orthogonalised momentum for hidden matrices, AdamW for all other
parameters.

  m = momentum m + (1 - momentum) g
  theta = theta - learning_rate (ratio X + weight_decay theta), and so
    on and so on

  theta: the parameter; g: the gradient (clipped, if the job clips)

source                  Jordan et al., 2024
chain, hidden matrices  scale_by_muon -> scale_by_learning_rate
chain, all others       scale_by_adam -> scale_by_learning_rate
state size              1 x the parameters
ablations               muon-without-a, muon-without-b
conflicts               One thing.
                        Another.

hyperparameters
  learning_rate  default 5e-5; number, above 0; per step
                 Peak.
  shape          default "a"; text, "a", "b"
                 Which.`,
    );
  });

  it("says nothing about what it does not have", () => {
    const text = optimizerText({ ...muon, formula: "adamw", otherChain: [], ablations: [], conflicts: [], hyperparameters: [] }, 72);
    expect(text).toContain(
      "\nchain       scale_by_muon -> scale_by_learning_rate\nstate size  1 x the parameters\n\nIt has no hyperparameters.",
    );
    for (const word of ["theta", "ablations", "conflicts", "others"]) expect(text).not.toContain(word);
  });

  it("cannot move the cursor", () => {
    const text = optimizerText({ ...muon, name: "a\u001B[2J", formula: "x\u001B[1A", conflicts: ["\r\u009B"] }, 72);
    expect(text).toContain("a\\u001b[2J:");
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it("is no wider than a narrow terminal, and not too wide for a wide one", () => {
    for (const [columns, most] of [
      [45, 44],
      [400, 99],
    ] as const)
      for (const line of optimizerText(muon, columns).split("\n")) expect(line.length).toBeLessThanOrEqual(most);
  });
});

it("an element is told in full", () => {
  const element = { name: "cautious", description: "A mask.", kind: "MATRIX_TRANSFORM", hyperparameters: [] } as const;
  expect(elementText({ ...element, hyperparameters: [] }, 80)).toBe(
    "cautious: A mask.\n\nkind  matrix transform\n\nIt has no hyperparameters.",
  );
});

describe("stepwire optimizers", () => {
  let server: ServiceServer;
  beforeAll(async () => {
    server = await startServiceServer();
    server.answers.optimizers = [{ name: "adamw", description: "Adam with decoupled weight decay, which is the usual choice." }];
  });
  afterAll(() => server.close());

  it("wraps its list on a terminal only", async () => {
    const run = startOnTerminal([...server.flags, "optimizers"], 50);
    expect(await run.exitCode()).toBe(0);
    expect(run.written()).toContain("adamw  Adam with decoupled weight decay, which is\r\n       the usual choice.\r\n");
    const { stdout } = await runStepwire([...server.flags, "optimizers"]);
    expect(stdout).toContain("adamw  Adam with decoupled weight decay, which is the usual choice.\n");
  });

  it("--elements shows one by its name, and suggests the nearest", async () => {
    const one = await runStepwire([...server.flags, "optimizers", "lookahead", "--elements", "--json"]);
    expect(one.lines).toMatchObject([{ type: "elements", elements: [{ name: "lookahead", kind: "WRAPPER" }] }]);
    const none = await runStepwire([...server.flags, "optimizers", "lookahed", "--elements"]);
    expect(none).toMatchObject({
      code: 2,
      stderr: 'stepwire: "lookahed" is not an element (did you mean "lookahead"?); allowed: lookahead\n',
    });
  });
});
