import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Stepwire } from "./stepwire.js";
import { type ContractServer, startContractServer } from "./testing/contractServer.js";
import { failureOf } from "./testing/failureOf.js";

let server: ContractServer;
beforeAll(async () => {
  server = await startContractServer({
    trainer: {
      GetTrainingJob: (call, callback) => void setTimeout(() => callback(null, { id: call.request.id }), 200),
    },
  });
});
afterAll(() => server.close());

const first = <T>(iterable: AsyncIterable<T>): Promise<IteratorResult<T>> => iterable[Symbol.asyncIterator]().next();

describe("a call after close()", () => {
  it("is refused with FAILED_PRECONDITION, whatever it is", async () => {
    const stepwire = new Stepwire({ trainerAddress: server.address, evaluatorAddress: server.address });
    const fetched = await stepwire.jobs.get("job");
    stepwire.close();
    stepwire.close();
    const late: (() => Promise<unknown>)[] = [
      () => stepwire.jobs.get("job"),
      () => stepwire.jobs.create({ model: "m" }),
      () => first(stepwire.jobs.list()),
      () => fetched.get(),
      () => fetched.cancel(),
      () => fetched.result(),
      () => first(fetched.watch()),
      () => stepwire.datasets.import({ columns: { text: "a", label: "b" }, files: [{ split: "train", content: "a", format: "CSV" }] }),
      () => stepwire.optimizers.list(),
      () => stepwire.evaluations.get("e"),
    ];
    for (const call of late) expect(await failureOf(call())).toMatchObject({ code: "FAILED_PRECONDITION", reason: "CLIENT_CLOSED" });
  });

  it("does not end the calls that are running", async () => {
    const stepwire = new Stepwire({ trainerAddress: server.address });
    const running = stepwire.jobs.get("job");
    stepwire.close();
    expect(await running).toMatchObject({ id: "job" });
  });
});

it("a proxy for the network is not asked for services of this machine", async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  // Nobody listens there, and nothing else says that it is not to be asked.
  vi.stubEnv("grpc_proxy", "http://127.0.0.1:9");
  for (const name of ["no_proxy", "no_grpc_proxy"]) vi.stubEnv(name, undefined);
  const stepwire = new Stepwire({ trainerAddress: server.address });
  expect(await stepwire.jobs.get("job")).toMatchObject({ id: "job" });
  stepwire.close();
});
