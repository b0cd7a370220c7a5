import type { EvaluationHandle } from "@stepwire/client";
import type { TestStack } from "./localStack.js";
import { send, stackProcesses } from "./stackProcesses.js";
import { until } from "./until.js";

/** The program of an evaluation's runner. */
export const evaluationRunner = "services/evaluator/runner/main.js";

/**
 * An evaluation in the middle of its work, whose runner stands still: it goes no further by itself, and those after it wait. One that ends before
 * its runner was seen is left, and another begun.
 */
export async function standingEvaluation(
  stack: Pick<TestStack, "stepwire" | "dataFolder">,
  trainingJob: string,
): Promise<EvaluationHandle> {
  for (;;) {
    const evaluation = await stack.stepwire.evaluations.create({ trainingJob, split: "validation" });
    let hasEnded = false;
    const ending = () => (hasEnded = true);
    void evaluation.result().then(ending, ending);
    let runners: number[] = [];
    await until(async () => hasEnded || (runners = await stackProcesses(stack.dataFolder, evaluationRunner)).length > 0);
    if (runners.some((pid) => send(pid, "SIGSTOP"))) return evaluation;
  }
}
