import { describe, expect, it } from "vitest";
import { Stepwire } from "./stepwire.js";
import { StepwireError } from "./stepwireError.js";

describe("new Stepwire", () => {
  const refusals: [options: unknown, field: string, description: RegExp][] = [
    [null, "options", /^null is not an object$/],
    [{ trainerAdress: "a:1" }, "trainerAdress", /did you mean "trainerAddress"\?/],
    [{ trainerAddress: 5 }, "trainerAddress", /^5 is not a string; allowed: host:port/],
    [{ evaluatorAddress: "http://a:1" }, "evaluatorAddress", /leave out "http:\/\/"/],
    [{ deadlineMs: "x" }, "deadlineMs", /^"x" is not a number of milliseconds above 0$/],
    [{ tls: "yes" }, "tls", /^"yes" is not true, false or an object$/],
    [{ tls: { ca: "x" } }, "tls.ca", /unknown field "ca"/],
    [{ tls: { privateKey: Buffer.from("x") } }, "tls", /^cannot be used: .*certificate chain/],
    [{ credentials: {} }, "credentials", /ChannelCredentials/],
  ];
  for (const [options, field, description] of refusals)
    it(`refuses ${JSON.stringify(options)}`, () => {
      let error: unknown;
      try {
        new Stepwire(options as object).close();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(StepwireError);
      expect(error).toMatchObject({ code: "INVALID_ARGUMENT", violations: [{ field }] });
      expect((error as StepwireError).violations[0]?.description).toMatch(description);
    });

  it("names the environment variable that a bad address comes from", () => {
    process.env["STEPWIRE_TRAINER_ADDRESS"] = "nowhere";
    try {
      expect(() => new Stepwire()).toThrow(/STEPWIRE_TRAINER_ADDRESS: "nowhere" has no port/);
    } finally {
      delete process.env["STEPWIRE_TRAINER_ADDRESS"];
    }
  });
});
