import { createReadStream, statSync } from "node:fs";
import { createInterface } from "node:readline";
import type { FieldViolation } from "@stepwire/proto";
import { quote, quotePath } from "../mapping/quote.js";
import { messageJson } from "../mapping/messageJson.js";
import type { Prediction } from "../messages.js";
import type { PredictInput } from "../resources/predictions.js";
import { StepwireError } from "../stepwireError.js";
import { decodeUtf8 } from "./decodeUtf8.js";
import { decimals } from "./format.js";
import { interrupt } from "./interrupt.js";
import type { Output } from "./output.js";
import type { PredictOptions } from "./predict.js";
import { shown } from "./printable.js";
import { withServices } from "./services.js";

/** Lines that are sent together: a file may be longer than memory. */
const batch = 256;
/** Classes that people are shown of a text. */
const shownClasses = 3;
const textCharacters = 60;
/** Of lines. */
const mostFaults = 20;

/** @throws StepwireError when anything is wrong with the texts or the job */
export async function runPredict(job: string, texts: readonly string[], options: PredictOptions, output: Output): Promise<void> {
  checkOptions(texts, options);
  await checkLines(options);
  await withServices(options, { evaluator: true, mayStart: true }, output, async (stepwire) => {
    const { signal } = interrupt();
    let first = 0;
    for await (const inputs of batches(texts, options)) {
      output.live(`predicting from text ${first + 1}`);
      const { classes, predictions } = await stepwire.predict(job, inputs, { signal }).catch((error: unknown) => {
        throw withLines(StepwireError.from(error), first, options.file);
      });
      output.live("");
      for (const [index, prediction] of predictions.entries()) report(prediction, classes, textOf(inputs[index]), first + index, output);
      first += inputs.length;
    }
    if (first === 0) throw StepwireError.invalid([{ field: "--file", reason: "REQUIRED", description: "has no texts" }]);
  });
}

function checkOptions(texts: readonly string[], { file, pair }: PredictOptions): void {
  const violations: FieldViolation[] = [];
  const add = (field: string, reason: string, description: string) => void violations.push({ field, reason, description });
  if (file === undefined && texts.length === 0) add("[texts...]", "REQUIRED", "is not given; give texts, or a file of them with --file");
  if (file !== undefined && texts.length > 0) add("--file", "CONFLICT", "is given, and so are texts; leave one of the two out");
  if (file !== undefined && file !== "-") {
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found) add("--file", "NOT_FOUND", `${quotePath(file)} cannot be read: there is no such file`);
    else if (found.isDirectory())
      add("--file", "WRONG_TYPE", `${quotePath(file)} cannot be read: it is a folder; allowed: a file of texts`);
  }
  if (pair !== undefined && texts.length !== 1)
    add("--pair", "CONFLICT", `goes with one text, and ${texts.length} are given; a .jsonl file holds many pairs`);
  if (violations.length > 0) throw StepwireError.invalid(violations);
}

/** A file is read before anything is asked about it; standard input can be read only once. @throws StepwireError */
async function checkLines(options: PredictOptions): Promise<void> {
  const { file } = options;
  if (file === undefined || !isJson(file) || !statSync(file).isFile()) return;
  for await (const _batch of batches([], options));
}

function isJson(file: string): boolean {
  return /\.jsonl?$/i.test(file);
}

/** @throws StepwireError with the first 20 lines that cannot be used, after the texts before them */
async function* batches(texts: readonly string[], { file, pair }: PredictOptions): AsyncGenerator<PredictInput[]> {
  if (file === undefined) {
    const [text = ""] = texts;
    yield pair === undefined ? [...texts] : [{ text, textPair: pair }];
    return;
  }
  const faults: FieldViolation[] = [];
  let part: PredictInput[] = [];
  let line = 0;
  const input = file === "-" ? process.stdin : createReadStream(file);
  // A character a byte: what is not UTF-8 has to be found, not replaced.
  input.setEncoding("latin1");
  for await (const bytes of createInterface({ input, crlfDelay: Infinity })) {
    line++;
    const text = decodeUtf8(Buffer.from(bytes, "latin1"));
    if (text?.trim() === "") continue;
    const input = text === undefined ? undefined : isJson(file) ? readObject(text) : text;
    const field = `${file}:${line}`;
    if (input === undefined) faults.push({ field, reason: "NOT_UTF8", description: "is not UTF-8; save the file as UTF-8" });
    else if (isFault(input)) faults.push({ field, reason: "INVALID_JSON", description: input.fault });
    else part.push(input);
    if (faults.length >= mostFaults) break;
    if (part.length < batch || faults.length > 0) continue;
    yield part;
    part = [];
  }
  if (faults.length > 0) throw StepwireError.invalid(faults);
  if (part.length > 0) yield part;
}

function isFault(input: PredictInput | { fault: string }): input is { fault: string } {
  return typeof input === "object" && "fault" in input;
}

function readObject(line: string): PredictInput | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { fault: `${quote(line)} is not JSON` };
  }
  if (typeof value === "string") return value;
  const { text, text_pair: textPair } = (value ?? {}) as { text?: unknown; text_pair?: unknown };
  if (typeof text !== "string" || (textPair !== undefined && typeof textPair !== "string"))
    return { fault: `${quote(value)} has no text; allowed: {"text": "...", "text_pair": "..."}` };
  return textPair === undefined ? text : { text, textPair };
}

/** Texts of a file are known by their number among those that are not empty. */
function withLines(failure: StepwireError, first: number, file: string | undefined): StepwireError {
  if (failure.violations.length === 0 || file === undefined) return failure;
  return StepwireError.invalid(
    failure.violations.map((fault) => {
      const [, index, rest = ""] = /^inputs\[(\d+)\](.*)$/.exec(fault.field) ?? [];
      return index === undefined ? fault : { ...fault, field: `text ${first + Number(index) + 1} of ${file}${rest}` };
    }),
  );
}

function textOf(input: PredictInput | undefined): string {
  if (input === undefined) return "";
  return typeof input === "string" ? input : `${input.text} / ${input.textPair ?? ""}`;
}

function report(prediction: Prediction, classes: readonly string[], text: string, index: number, output: Output): void {
  output.line("prediction", { index, text, classes, ...messageJson("stepwire.v1.Prediction", prediction, "plain") });
  const cut = prediction.truncated ? `  (cut to ${prediction.tokens} tokens)` : "";
  const head = shown(text, textCharacters);
  if (prediction.number !== undefined) return output.print(`${decimals(prediction.number, 4)}  ${head}${cut}`);
  const ranked = classes
    .map((name, place) => ({ name, probability: prediction.probabilities[place] ?? 0 }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, shownClasses)
    .map(({ name, probability }) => `${shown(name)} ${decimals(probability)}`);
  output.print(`${ranked.join("  ")}  |  ${head}${cut}`);
}
