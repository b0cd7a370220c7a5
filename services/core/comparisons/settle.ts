import { chancesOf } from "./chances.js";
import type { Amount, Outlook } from "./evidence.js";

/** What more data are looked for. */
export interface SettlePlan {
  /** Of each test of one pair. */
  alpha: number;
  /** The probability to show what is there. */
  power: number;
  /** Left out: nothing is shown to be equivalent. */
  margin?: number;
}

/** The least data that settle a pair, and what they would show. */
export interface Settled {
  amount: Amount;
  shows: "difference" | "equivalence";
}

/** More is not looked for: so many times the data there are. */
const mostTimes = 1e6;
/** More seeds than these are not asked for where other data do. */
const mostSeeds = 100;
/** From one look to the next. */
const growth = Math.SQRT2;

/**
 * The least data with which one of the verdicts comes with the probability that is asked for, were the difference `difference`: more seeds alone, more
 * examples alone, or both grown alike, whichever needs the fewest outcomes.
 * @param now the data there are
 * @returns undefined where nothing does
 */
export function settle(difference: number, outlook: Outlook, now: Amount, plan: SettlePlan): Settled | undefined {
  const isOfSeeds = now.seeds > 1;
  const grown = {
    seeds: (times: number) => ({ ...now, seeds: Math.ceil(now.seeds * times) }),
    examples: (times: number) => ({ ...now, examples: Math.ceil(now.examples * times) }),
    both: (times: number) => ({ seeds: Math.ceil(now.seeds * times), examples: Math.ceil(now.examples * times) }),
  };
  const found = [
    ...(isOfSeeds ? [least(grown.seeds, mostSeeds / now.seeds), least(grown.both, mostTimes)] : []),
    least(grown.examples, mostTimes),
  ].flatMap((settled) => settled ?? []);
  const outcomes = ({ amount }: Settled) => amount.seeds * amount.examples;
  return found.toSorted((a, b) => outcomes(a) - outcomes(b))[0];

  function shownBy(amount: Amount): Settled["shows"] | undefined {
    const chances = chancesOf(difference, outlook(amount, plan.alpha, difference), plan.margin);
    if (chances.difference >= plan.power && difference !== 0) return "difference";
    return chances.equivalence >= plan.power ? "equivalence" : undefined;
  }

  /** The least growth that passes: looked for in steps, then by halves within the first step that does. */
  function least(of: (times: number) => Amount, most: number): Settled | undefined {
    // What no end of data settles is not looked for.
    if (most <= 1 || !shownBy(of(most))) return undefined;
    let failed = 1;
    for (let times = Math.min(most, growth); failed < most; times = Math.min(most, times * growth)) {
      let shows = shownBy(of(times));
      if (!shows) {
        failed = times;
        continue;
      }
      let passed = times;
      while (isApart(of(failed), of(passed)) && passed / failed > 1.005) {
        const middle = (failed + passed) / 2;
        const there = shownBy(of(middle));
        if (there) [passed, shows] = [middle, there];
        else failed = middle;
      }
      return { amount: of(passed), shows };
    }
    return undefined;
  }
}

/** Whether there is a whole number between. */
function isApart(a: Amount, b: Amount): boolean {
  return b.seeds - a.seeds > 1 || b.examples - a.examples > 1;
}
