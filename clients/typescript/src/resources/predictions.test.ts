import { status } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { type ContractServer, detailedError, startContractServer } from "../testing/contractServer.js";
import { failureOf } from "../testing/failureOf.js";

let server: ContractServer | undefined;
afterEach(() => server?.close());

/** A server that refuses the text "bad", as the services name it. @returns the calls that came */
async function serve() {
  const calls: number[] = [];
  server = await startContractServer({
    evaluator: {
      Predict: (call, callback) => {
        calls.push(call.request.inputs.length);
        const violations = call.request.inputs.flatMap(({ text }, index) =>
          text === "bad" ? [{ field: `inputs[${index}].text`, reason: "NO_TOKEN", description: "becomes no token" }] : [],
        );
        const message = "refused";
        if (violations.length > 0)
          return callback(detailedError({ code: status.INVALID_ARGUMENT, message, reason: "NO_TOKEN", metadata: {}, violations }));
        return callback(null, { predictions: call.request.inputs.map(() => ({ number: 1 })) });
      },
    },
  });
  return { stepwire: server.stepwire, calls };
}

describe("predict", () => {
  it("names texts that are longer than a call takes before anything is sent", async () => {
    const { stepwire, calls } = await serve();
    const long = "x".repeat(5 * 1024 * 1024);
    const failure = await failureOf(stepwire.predict("job", ["fine", long, { text: "short", textPair: long }]));
    expect(failure).toMatchObject({
      code: "INVALID_ARGUMENT",
      violations: [
        { field: "inputs[1].text", reason: "TOO_LONG", description: "has 5242880 bytes; allowed: at most 393216 bytes in a call" },
        { field: "inputs[2].text", reason: "TOO_LONG", description: expect.stringContaining("5242880 of its pair") as string },
      ],
    });
    expect(calls).toEqual([]);
  });

  it("names a text by its place among all of them, in whichever call it was sent", async () => {
    const { stepwire, calls } = await serve();
    const failure = await failureOf(stepwire.predict("job", [...Array<string>(300).fill("fine"), "bad"]));
    expect(failure.violations.map(({ field }) => field)).toEqual(["inputs[300].text"]);
    expect(calls).toEqual([256, 45]);
  });
});
