import { quote } from "../quote.js";
import type { Example } from "./example.js";

/** Canonical JSON Lines of a split: `{"text":…,"text_pair":…,"label":…}`, the keys in this order, `text_pair` for pairs only. */
export function encodeExamples(examples: readonly Example[]): Uint8Array {
  return Buffer.concat(examples.map((example) => Buffer.from(canonicalLine(example, example.label), "utf8")));
}

/**
 * The examples that `encodeExamples` wrote.
 * @throws SyntaxError naming the line, when a line is not such an example
 */
export function decodeExamples(bytes: Uint8Array): Example[] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const examples: Example[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    examples.push(decodeLine(decoder.decode(bytes.subarray(start, end)), examples.length + 1));
    start = end + 1;
  }
  return examples;
}

/** One canonical line, with the label as a class id (in files) or as a class name (in digests). */
export function canonicalLine(texts: Omit<Example, "label">, label: number | string): string {
  return `${canonicalStart(texts)}${canonicalEnd(label)}`;
}

/** A canonical line up to its label, which may become known later. */
export function canonicalStart({ text, textPair }: Omit<Example, "label">): string {
  const pair = textPair === undefined ? "" : `,"text_pair":${JSON.stringify(textPair)}`;
  return `{"text":${JSON.stringify(text)}${pair}`;
}

/** What completes `canonicalStart`. */
export function canonicalEnd(label: number | string): string {
  return `,"label":${JSON.stringify(label)}}\n`;
}

function decodeLine(line: string, number: number): Example {
  const { text, text_pair: textPair, label } = JSON.parse(line) as Record<string, unknown>;
  if (typeof text !== "string" || (textPair !== undefined && typeof textPair !== "string") || !Number.isFinite(label))
    throw new SyntaxError(`line ${number} is not an example with text, label and perhaps text_pair: ${quote(line)}`);
  return { text, ...(textPair === undefined ? {} : { textPair }), label: label as number };
}
