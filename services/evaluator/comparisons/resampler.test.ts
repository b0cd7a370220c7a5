import { describe, expect, it } from "vitest";
import { resampleMeans } from "#core/statistics/resampling/resampleMeans.js";
import { createResampler } from "./resampler.js";

describe("resampling on several threads", () => {
  it("gives the bytes that one thread gives, however many there are, again and again", async () => {
    const values = Float64Array.from({ length: 20_001 }, (_, index) => Math.sin(index));
    const range = { seed: 9, from: 3, to: 404 };
    const alone = resampleMeans(values, range);
    for (const threads of [1, 2, 3]) {
      const resampler = createResampler(threads);
      for (let again = 0; again < 2; again++) expect(resampler.drawMeans(values, range)).toEqual(alone);
      await resampler.close();
    }
  });
});
