import { describe, expect, it } from "vitest";
import { listPage } from "./pageSize.js";
import { createRecordIndex } from "./recordIndex.js";

const index = createRecordIndex<{ id: string; createTime: string; text: string }>();
for (let number = 0; number < 1200; number++)
  index.put(
    "default",
    { id: `r${number}`, createTime: new Date(number * 1000).toISOString(), text: "x".repeat(number < 20 ? 900_000 : 10) },
    number + 1,
  );
const list = (pageToken: string) => async (pageSize: number) => index.list("default", { pageSize, pageToken });

async function pages(size: number): Promise<string[][]> {
  const found: string[][] = [];
  for (let token = ""; found.length < 1300;) {
    const { messages, nextPageToken } = await listPage(size, list(token), (record) => ({ ...record }));
    expect(Buffer.byteLength(JSON.stringify(messages))).toBeLessThan(4 * 1024 * 1024);
    found.push(messages.map(({ id }) => id));
    if (nextPageToken === "") break;
    token = nextPageToken;
  }
  return found;
}

describe("a page of a list", () => {
  it("has as many records as asked for, 50 when nobody says", async () => {
    expect((await pages(0))[0]).toHaveLength(50);
    expect((await pages(1000))[0]).toHaveLength(1000);
  });

  it("is shorter where more would not fit into a message, and the pages together lose and double nothing", async () => {
    const found = await pages(1000);
    expect(found[1]).toHaveLength(183);
    expect(found.slice(2).map(({ length }) => length)).toEqual([3, 3, 3, 3, 3, 2]);
    expect(found.flat()).toEqual(Array.from({ length: 1200 }, (_, number) => `r${1199 - number}`));
  });

  it("has at least one record, however large", async () => {
    const large = async () => ({ records: [1, 2], nextPageToken: "" });
    expect(
      (
        await listPage(
          1,
          async () => ({ records: [1], nextPageToken: "2" }),
          () => "x".repeat(5_000_000),
        )
      ).messages,
    ).toHaveLength(1);
    expect((await listPage(2, large, () => "x")).messages).toEqual(["x", "x"]);
  });

  it("is refused with a size out of range", async () => {
    for (const size of [-1, 1001]) await expect(listPage(size, list(""), (record) => record)).rejects.toThrow(`${size} is out of range`);
  });
});
