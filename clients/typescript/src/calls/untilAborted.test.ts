import { describe, expect, it } from "vitest";
import { untilAborted } from "./untilAborted.js";

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("items until a signal is aborted", () => {
  it("are those of the source, whether it is asynchronous or not", async () => {
    const { signal } = new AbortController();
    async function* later() {
      yield 1;
      yield 2;
    }
    expect(await all(untilAborted(later(), signal))).toEqual([1, 2]);
    expect(await all(untilAborted([1, 2], signal))).toEqual([1, 2]);
  });

  it("end while one is waited for that never comes, and the source is told", async () => {
    const controller = new AbortController();
    let isLeft = false;
    const stuck: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          isLeft = true;
          return new Promise(() => undefined);
        },
      }),
    };
    setTimeout(() => controller.abort(), 10);
    expect(await all(untilAborted(stuck, controller.signal))).toEqual([]);
    expect(isLeft).toBe(true);
  });

  it("are none when it was aborted before", async () => {
    expect(await all(untilAborted([1], AbortSignal.abort()))).toEqual([]);
  });

  it("fail as the source fails", async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error("no more");
    }
    await expect(all(untilAborted(failing(), new AbortController().signal))).rejects.toThrow("no more");
  });

  it("that are left early leave the source too", async () => {
    let isLeft = false;
    async function* source() {
      try {
        yield 1;
        yield 2;
      } finally {
        isLeft = true;
      }
    }
    for await (const item of untilAborted(source(), new AbortController().signal)) if (item === 1) break;
    await expect.poll(() => isLeft).toBe(true);
  });
});
