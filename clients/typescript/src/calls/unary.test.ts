import { afterEach, describe, expect, it } from "vitest";
import { Stepwire } from "../stepwire.js";
import { type ContractHandlers, type ContractServer, startContractServer } from "../testing/contractServer.js";
import { failureOf } from "../testing/failureOf.js";

let server: ContractServer | undefined;
afterEach(() => server?.close());

async function serve(trainer: NonNullable<ContractHandlers["trainer"]>, deadlineMs = 200_000) {
  server = await startContractServer({ trainer }, { deadlineMs });
  return server.stepwire;
}

describe("a call", () => {
  it("ends with DEADLINE_EXCEEDED after the default deadline, and after its own", async () => {
    const stepwire = await serve({ GetTrainingJob: () => undefined }, 100);
    expect(await failureOf(stepwire.jobs.get("job"))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    const before = Date.now();
    expect(await failureOf(stepwire.jobs.get("job", { deadlineMs: 300 }))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(Date.now() - before).toBeGreaterThan(250);
  });

  it("ends with CANCELLED when its signal is aborted, and the server hears of it", async () => {
    const controller = new AbortController();
    let heard = 0;
    const stepwire = await serve({
      GetTrainingJob: (call) => {
        call.once("cancelled", () => heard++);
        controller.abort();
      },
    });
    const aborted = { code: "CANCELLED", reason: "ABORTED_BY_CALLER" };
    expect(await failureOf(stepwire.jobs.get("job", { signal: controller.signal }))).toMatchObject(aborted);
    await expect.poll(() => heard).toBe(1);
    expect(await failureOf(stepwire.jobs.get("job", { signal: controller.signal }))).toMatchObject(aborted);
  });

  it("fails with UNAVAILABLE, retryable, when nothing listens", async () => {
    const stepwire = await serve({});
    server?.close();
    const other = new Stepwire({ trainerAddress: server?.address ?? "", deadlineMs: 200_000 });
    expect(await failureOf(other.jobs.get("job"))).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    other.close();
    stepwire.close();
  });
});
