import type { Element } from "./chain.js";
import * as transforms from "./transforms/index.js";
import * as wrappers from "./wrappers/index.js";

/** Every element that a chain can be made of, by name in alphabetical order. */
export const elements: readonly Element[] = [...Object.values(transforms), ...Object.values(wrappers)].toSorted((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** The element of this name, if there is one. */
export function findElement(name: string): Element | undefined {
  return elements.find((element) => element.name === name);
}
