import { afterEach, describe, expect, it } from "vitest";
import { type ContractServer, startContractServer } from "../testing/contractServer.js";

let server: ContractServer | undefined;
afterEach(() => server?.close());

describe("a list", () => {
  it("goes over all pages, and fetches none before it is needed", async () => {
    const asked: object[] = [];
    server = await startContractServer({
      study: {
        ListStudies: ({ request }, callback) => {
          asked.push(request);
          const second = request.page_token === "more";
          callback(null, { studies: second ? [{ id: "c" }] : [{ id: "a" }, { id: "b" }], next_page_token: second ? "" : "more" });
        },
      },
    });
    const found: string[] = [];
    for await (const { id } of server.stepwire.studies.list({ pageSize: 2 })) {
      found.push(id);
      if (id === "a") expect(asked).toHaveLength(1);
    }
    expect(found).toEqual(["a", "b", "c"]);
    expect(asked).toMatchObject([
      { page_size: 2, page_token: "" },
      { page_size: 2, page_token: "more" },
    ]);
  });

  it("refuses a size of pages that is no number, whatever is listed", async () => {
    server = await startContractServer({});
    const { studies, jobs, evaluations } = server.stepwire;
    const options = { pageSize: "many" } as unknown as { pageSize: number };
    for (const listed of [studies.list(options), jobs.list(options), evaluations.list(options)])
      await expect(listed[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        violations: [{ field: "pageSize", reason: "WRONG_TYPE" }],
      });
  });
});
