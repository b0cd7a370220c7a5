import { type ServiceError, status } from "@grpc/grpc-js";
import type {
  ComparisonInput as WireComparison,
  OptimizerElementInput,
  CreateTrainingJobRequest,
  DatasetInput as WireDataset,
  EvaluationInput as WireEvaluation,
  OptimizerInput as WireOptimizer,
  PredictResponseInput as WirePredictions,
  StudyInput as WireStudy,
  TrainingEventInput,
  TrainingJobInput as WireJob,
} from "@stepwire/proto";
import { startContractServer } from "./contractServer.js";

/** A server that answers as the services do, about one job; a test changes what it says. */
export interface ServiceServer {
  address: string;
  /** The flags that lead the command here. */
  flags: string[];
  answers: {
    dataset: WireDataset;
    optimizers: WireOptimizer[];
    elements: OptimizerElementInput[];
    /** What `CreateTrainingJob` was refused with; `undefined`: it is not refused. */
    refusedJob: ServiceError | undefined;
    refusedImport: ServiceError | undefined;
    refusedEvaluation: ServiceError | undefined;
    /** Of `GetTrainingJob`, and of the list with an older one. */
    job: WireJob;
    /** Sent by a watch, which ends after a state that is an end and stays open otherwise. */
    events: TrainingEventInput[];
    evaluation: WireEvaluation;
    comparison: WireComparison;
    predictions: WirePredictions;
    /** As it has ended. */
    study: WireStudy;
  };
  created: CreateTrainingJobRequest[];
  /** Ids of the jobs that were cancelled. */
  cancelled: string[];
  /** Sends an event to the watch that is open. */
  send(event: TrainingEventInput): void;
  close(): void;
}

/** A job that has succeeded. */
export const succeededJob: WireJob = {
  id: "job",
  uid: "u",
  state: "TRAINING_JOB_STATE_SUCCEEDED",
  model: "all-MiniLM-L6-v2",
  dataset: { id: "d" },
  optimizer: { name: "adamw" },
  result: {
    steps: 2,
    final_loss: 0.25,
    train_seconds: 1.5,
    peak_memory_bytes: "1073741824",
    checkpoint: "/checkpoints/job",
    validation_accuracy: 0.75,
  },
};

/** A training point of a job of two steps. */
export function pointEvent(step: number, loss: number): TrainingEventInput {
  return { metric: { job: "job", step, total_steps: 2, loss, tokens: "64", kind: "METRIC_KIND_TRAIN", attempt: 1 } };
}

function usualAnswers(): ServiceServer["answers"] {
  return {
    dataset: {
      id: "d",
      splits: [
        { name: "train", rows: 3 },
        { name: "test", rows: 3 },
      ],
      classes: ["a", "b"],
    },
    optimizers: [
      { name: "adamw", description: "Adam with decoupled weight decay." },
      { name: "sgd", description: "Gradient descent." },
    ],
    elements: [{ name: "lookahead", description: "Slow weights.", kind: "OPTIMIZER_ELEMENT_KIND_WRAPPER" }],
    refusedJob: undefined,
    refusedImport: undefined,
    refusedEvaluation: undefined,
    job: succeededJob,
    events: [
      { state_change: { state: "TRAINING_JOB_STATE_RUNNING" } },
      pointEvent(1, 0.5),
      pointEvent(2, NaN),
      { state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED" } },
    ],
    evaluation: {
      id: "e",
      training_job: "job",
      split: "test",
      state: "EVALUATION_STATE_SUCCEEDED",
      metrics: {
        examples: 10,
        correct: 9,
        macro_f1: { estimate: 0.88, lower: 0.8, upper: 0.94, level: 0.95, method: "bootstrap, bca" },
        accuracy: { estimate: 0.9, lower: 0.5958, upper: 0.9821, level: 0.95, method: "wilson" },
      },
    },
    comparison: usualComparison,
    predictions: {
      classes: ["a", "b"],
      predictions: [
        { label: "a", probabilities: [0.75, 0.25], tokens: 4 },
        { number: 0.5, tokens: 3 },
      ],
      weights_digest: "x",
    },
    study: usualStudy,
  };
}

/** One run of two, which has ended. */
const usualStudy: WireStudy = {
  ...{ id: "study", state: "STUDY_STATE_SUCCEEDED", title: "A study", arms: [{ name: "adamw", optimizer: { name: "adamw" } }], seeds: [1] },
  plan: { final_runs: 1, expected_seconds: 60 },
  progress: { runs: 1, done: 1, seconds_left: 0 },
  runs: [
    {
      arm: "adamw",
      phase: "STUDY_PHASE_FINAL",
      trial: 1,
      seed: 1,
      training_job: "job",
      state: "TRAINING_JOB_STATE_SUCCEEDED",
      evaluation: "e",
    },
  ],
};

/** Of two models whose difference is not settled. */
const usualComparison: WireComparison = {
  ...{ metric: "accuracy", higher_is_better: true, examples: 10, level: 0.95, margin: 0.02, correction: "holm" },
  groups: [
    { name: "adamw", evaluations: ["e1"], estimate: 0.9 },
    { name: "sgd", evaluations: ["e2"], estimate: 0.8 },
  ],
  pairs: [
    {
      ...{ first: "adamw", second: "sgd", test: "McNemar's exact test", p_value: 1, corrected_p: 1, verdict: "VERDICT_INCONCLUSIVE" },
      difference: { estimate: 0.1, lower: -0.1975, upper: 0.4041, level: 0.95, method: "tango", about: "examples" },
      ...{ mid_p: 0.5, equivalence_p: 0.7, corrected_equivalence_p: 0.7, reason: "the data do not settle it." },
      needed: { examples: "77", power: 0.8, what: "About 77 examples would show it." },
    },
  ],
  fairness: {
    equal: [{ name: "batch_size", value: "8" }],
    different: [
      {
        name: "optimizer",
        why: "This is what is compared.",
        values: [
          { group: "adamw", value: "a" },
          { group: "sgd", value: "b" },
        ],
      },
    ],
  },
};

/** Starts it on the loopback interface. */
export async function startServiceServer(): Promise<ServiceServer> {
  const answers = usualAnswers();
  const created: CreateTrainingJobRequest[] = [];
  const cancelled: string[] = [];
  let send = (_event: TrainingEventInput): void => undefined;
  const { address, close } = await startContractServer({
    catalog: {
      ImportDataset: (call, callback) => {
        call.resume();
        call.on("end", () => (answers.refusedImport ? callback(answers.refusedImport) : callback(null, answers.dataset)));
      },
      GetDataset: (_call, callback) => (answers.refusedImport ? callback(answers.refusedImport) : callback(null, answers.dataset)),
      ListOptimizers: (_call, callback) => callback(null, { optimizers: answers.optimizers, elements: answers.elements }),
      GetOptimizer: ({ request: { name } }, callback) => {
        const found = answers.optimizers.find((optimizer) => optimizer.name === name);
        if (found) callback(null, found);
        else callback({ code: status.NOT_FOUND, details: `"${name}" is not an optimizer (did you mean "adamw"?)` });
      },
    },
    trainer: {
      CreateTrainingJob: (call, callback) => {
        created.push(call.request);
        if (answers.refusedJob) callback(answers.refusedJob);
        else callback(null, { ...answers.job, state: "TRAINING_JOB_STATE_QUEUED", plan: { total_steps: 2 } });
      },
      GetTrainingJob: (_call, callback) => callback(null, answers.job),
      CancelTrainingJob: (call, callback) => {
        cancelled.push(call.request.id);
        callback(null, { ...answers.job, state: "TRAINING_JOB_STATE_CANCELLING" });
        answers.job = { ...answers.job, state: "TRAINING_JOB_STATE_CANCELLED" };
        send({ state_change: { state: "TRAINING_JOB_STATE_CANCELLED" } });
      },
      ListTrainingJobs: (_call, callback) => callback(null, { training_jobs: [answers.job, { ...answers.job, id: "older" }] }),
      WatchTrainingJob: (call) => {
        send = (event) => {
          call.write(event);
          if (/SUCCEEDED|FAILED|CANCELLED/.test(String(event.state_change?.state))) call.end();
        };
        for (const event of answers.events) send(event);
      },
    },
    evaluator: {
      CreateEvaluation: (call, callback) => {
        if (answers.refusedEvaluation) callback(answers.refusedEvaluation);
        else callback(null, { ...answers.evaluation, split: call.request.evaluation?.split ?? "", state: "EVALUATION_STATE_QUEUED" });
      },
      ListEvaluations: (_call, callback) =>
        answers.refusedEvaluation ? callback(answers.refusedEvaluation) : callback(null, { evaluations: [answers.evaluation] }),
      CancelEvaluation: (_call, callback) =>
        answers.refusedEvaluation
          ? callback(answers.refusedEvaluation)
          : callback(null, { ...answers.evaluation, state: "EVALUATION_STATE_CANCELLED", metrics: null }),
      DeleteEvaluation: (_call, callback) => (answers.refusedEvaluation ? callback(answers.refusedEvaluation) : callback(null, {})),
      GetEvaluation: (_call, callback) => callback(null, answers.evaluation),
      Compare: (_call, callback) => callback(null, answers.comparison),
      Predict: (_call, callback) => callback(null, answers.predictions),
    },
    study: {
      CreateStudy: (call, callback) => callback(null, { ...answers.study, id: call.request.study_id, state: "STUDY_STATE_QUEUED" }),
      GetStudy: (_call, callback) => callback(null, answers.study),
      ListStudies: (_call, callback) => callback(null, { studies: [{ ...answers.study, runs: [] }] }),
      CancelStudy: (_call, callback) => callback(null, answers.study),
      WatchStudy: (call) => {
        const { runs = [], ...study } = answers.study;
        call.write({ study, changed_runs: runs });
        call.end();
      },
      GetStudyReport: (call, callback) => {
        const documents: Record<string, string> = { json: '{"schema_version": 1}', markdown: "# A study", html: "<!doctype html>" };
        callback(null, { media_type: "", document: documents[call.request.format] ?? "" });
      },
    },
  });
  const flags = ["--trainer-address", address, "--evaluator-address", address];
  return { address, flags, answers, created, cancelled, send: (event) => send(event), close };
}
