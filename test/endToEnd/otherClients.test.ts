import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { protoRoot } from "@stepwire/proto";
import { connect, consumerOpts, type JetStreamSubscription } from "nats";
import { beforeAll, describe, expect, it } from "vitest";
import { miniLM, sample, sharedStack, tinyModel } from "../support/localStack.js";
import { pythonPackages } from "../support/pythonPackages.js";

// Clients that share no code with Stepwire: the older `nats` package, and Python's grpcio with nothing but the proto files.

let stack: Awaited<ReturnType<typeof sharedStack>>;
let dataset: string;

beforeAll(async () => {
  stack = await sharedStack();
  const imported = await stack.stepwire.datasets.import({
    columns: { text: "text", label: "label" },
    files: [
      { split: "train", path: sample("train") },
      { split: "validation", path: sample("validation") },
    ],
  });
  dataset = imported.id;
});

const job = (id: string) => ({
  model: tinyModel("bert"),
  dataset: { id, maxTrainRows: 64 },
  optimizer: { name: "adamw", hyperparameters: { learning_rate: 5e-5 } },
  maxSteps: 3,
  batchSize: 8,
  seed: 1,
});

describe("clients that share no code with Stepwire", () => {
  it("a plain NATS subscriber sees each step as it happens, and a late one sees them all again", async () => {
    const connection = await connect({ servers: stack.natsUrl, user: stack.natsUser, pass: stack.natsPassword });
    const live: { step: number; id: string | undefined; trace: string | undefined; schema: string | undefined }[] = [];
    const subscription = connection.subscribe("stepwire.v1.default.jobs.nats-job.metrics", {
      callback: (_error, message) => {
        live.push({
          step: message.json<{ step: number }>().step,
          id: message.headers?.get("Nats-Msg-Id"),
          trace: message.headers?.get("traceparent"),
          schema: message.headers?.get("Stepwire-Schema"),
        });
      },
    });
    // The server knows of the subscription before there is a job, and has sent everything before it answers again.
    await connection.flush();
    const created = await stack.stepwire.jobs.create(job(dataset), { id: "nats-job" });
    await created.result();
    await connection.flush();
    subscription.unsubscribe();
    // Three steps and the evaluation after the last one.
    expect(live.map(({ step }) => step)).toEqual([1, 2, 3, 3]);
    expect(live.map(({ id }) => id)).toEqual([
      `${created.uid}:1:1:train`,
      `${created.uid}:1:2:train`,
      `${created.uid}:1:3:train`,
      `${created.uid}:1:3:evaluation`,
    ]);
    expect(new Set(live.map(({ schema }) => schema))).toEqual(new Set(["stepwire.v1.MetricPoint"]));

    const options = consumerOpts();
    options.orderedConsumer();
    options.deliverAll();
    const late: JetStreamSubscription = await connection.jetstream().subscribe("stepwire.v1.*.jobs.nats-job.metrics", options);
    const replayed: number[] = [];
    for await (const message of late) {
      replayed.push(message.json<{ step: number }>().step);
      if (replayed.length === live.length) break;
    }
    expect(replayed).toEqual([1, 2, 3, 3]);
    await connection.close();
  });

  it("Python reads the messages with json_format, and plans, starts and watches a job over grpcio", async () => {
    const bodies = { metrics: [] as string[], events: [] as string[] };
    const connection = await connect({ servers: stack.natsUrl, user: stack.natsUser, pass: stack.natsPassword });
    for (const kind of ["metrics", "events"] as const)
      connection.subscribe(`stepwire.v1.default.jobs.python-read.${kind}`, {
        callback: (_error, message) => bodies[kind].push(message.string()),
      });
    await (await stack.stepwire.jobs.create(job(dataset), { id: "python-read" })).result();
    await connection.drain();

    const packages = ["grpcio==1.85.1", "grpcio-tools==1.85.1", "grpcio-status==1.85.1", "googleapis-common-protos==1.76.0"];
    const python = spawn("python3", [new URL("python_client.py", import.meta.url).pathname, protoRoot, stack.trainerAddress], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, PYTHONPATH: await pythonPackages(packages) },
    });
    python.stdin.end(JSON.stringify({ dataset, model: miniLM(), ...bodies }));
    const [output, [code]] = await Promise.all([text(python.stdout), once(python, "exit")]);
    expect(code).toBe(0);
    const answer = JSON.parse(output) as Record<string, unknown> & {
      watched: string[];
      violations: Record<string, string>;
      losses: number[];
    };

    expect(answer).toMatchObject({
      steps: [1, 2, 3],
      states: ["QUEUED", "VALIDATING", "RUNNING", "SUCCEEDED"].map((state) => `TRAINING_JOB_STATE_${state}`),
      plan: { total_steps: 2, parameters: expect.stringMatching(/^2271\d+$/) as string },
      idempotent: true,
      final: "TRAINING_JOB_STATE_SUCCEEDED",
      domain: "stepwire",
    });
    for (const loss of answer.losses) expect(loss).toBeGreaterThan(0);
    expect(answer.watched.filter((kind) => kind === "metric")).toHaveLength(3);
    expect(answer.watched.at(-1)).toBe("state_change");
    expect(answer.violations["training_job.optimizer.name"]).toContain('"adamw"');
    expect(answer.violations["training_job.batch_size"]).toContain("-1");
  });
});
