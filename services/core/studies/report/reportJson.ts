import type { StudyReport } from "./studyReport.js";

/** Keys of these are data: names of hyperparameters, labels. */
const dataKeys = new Set(["hyperparameters", "chosen", "search", "labels", "options"]);

/** The report as JSON with snake_case keys; docs/studies.md describes it. What is not a number is null. */
export function reportJson(report: StudyReport): string {
  return `${JSON.stringify(snakeKeys(report), undefined, 2)}\n`;
}

function snakeKeys(value: unknown, isData = false): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  if (Array.isArray(value)) return value.map((item) => snakeKeys(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [isData ? key : snakeCase(key), snakeKeys(item, dataKeys.has(key))]),
  );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
