import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createSlots } from "./slots.js";

const never = new AbortController().signal;
const slots = (atOnce: number, waiting: number) => createSlots({ atOnce, waiting, full: () => new Error("full") });

it("runs as many at once as allowed, and the others in their order", async () => {
  const { run } = slots(2, 10);
  const log: string[] = [];
  let running = 0;
  await Promise.all(
    ["a", "b", "c", "d", "e"].map((name) =>
      run(never, async () => {
        expect(++running).toBeLessThanOrEqual(2);
        log.push(name);
        await sleep(5);
        running--;
      }),
    ),
  );
  expect(log).toEqual(["a", "b", "c", "d", "e"]);
});

it("refuses one more than may wait, and takes works again later", async () => {
  const { run } = slots(1, 1);
  const works = [run(never, () => sleep(20)), run(never, () => sleep(20))];
  await expect(run(never, () => sleep(0))).rejects.toThrow("full");
  await Promise.all(works);
  await expect(run(never, async () => "done")).resolves.toBe("done");
});

it("gives the place of a work that failed, or was given up while it waited, to the next", async () => {
  const { run } = slots(1, 5);
  const given = new AbortController();
  const failing = run(never, async () => {
    await sleep(10);
    throw new Error("failed");
  });
  const waiting = run(given.signal, async () => "never");
  const next = run(never, async () => "next");
  given.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  await expect(failing).rejects.toThrow("failed");
  expect(await next).toBe("next");
  expect(await run(never, async () => "again")).toBe("again");
});

it("does not lose the place of a work that is given up at the moment of its turn", async () => {
  const { run } = slots(1, 5);
  const given = new AbortController();
  let finish = (): void => undefined;
  const first = run(never, () => new Promise<void>((resolve) => (finish = resolve)));
  const second = run(given.signal, async () => "second").catch(() => "given up");
  await sleep(1);
  finish();
  given.abort(new Error("gone"));
  await Promise.all([first, second]);
  expect(await run(never, async () => "next")).toBe("next");
});
