import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { KeptRow } from "#core/datasets/buildDataset.js";
import { canonicalEnd, canonicalLine, canonicalStart } from "#core/datasets/encodeExamples.js";
import { collectFaults } from "#core/datasets/faultCollector.js";
import { growingNumbers } from "#core/datasets/growingNumbers.js";
import { lengthHistogram } from "#core/datasets/lengthHistogram.js";
import { readLines } from "#core/datasets/readLines.js";
import { openFileSource } from "./fileSource.js";
import { writeGroupFile } from "./groupFile.js";

/** Counts an example's tokens. */
export type CountTokens = (text: string, textPair?: string) => number;

/**
 * Writes the rows of a split while their class ids are not known yet: lines wait on the disk without their label's id, which follows from
 * the labels of all rows.
 */
export interface SplitWriter {
  keep(rows: readonly KeptRow[]): Promise<void>;
  /**
   * Writes the split's files.
   * @param classIds of classes the class id of each label number
   */
  finish(classIds: readonly number[], countTokens: CountTokens | undefined): Promise<WrittenSplit>;
  close(): Promise<void>;
}

interface WrittenSplit {
  rowsFile: string;
  groupsFile: string;
  tokenLengths: { atMost: number; rows: number }[];
}

/** Tokens of at most this many rows of a split are counted: counting takes longer than all the rest. */
const countedRows = 50_000;

/**
 * @param name of its files, without extension
 * @param areClasses whether the rows' labels are classes
 * @param onProgress called every some rows
 */
export async function openSplitWriter(folder: string, name: string, areClasses: boolean, onProgress: () => void): Promise<SplitWriter> {
  const starts = join(folder, `${name}.starts`);
  const rowsFile = join(folder, `${name}.rows`);
  const groupsFile = join(folder, `${name}.groups`);
  const handle = await open(starts, "w");
  const groups = growingNumbers();
  const labels = growingNumbers();

  return {
    keep: async (rows) => {
      for (const { label, group } of rows) {
        labels.push(areClasses ? label : 0);
        groups.push(group);
      }
      // What is no class is known at once.
      await handle.appendFile(rows.map((row) => (areClasses ? `${canonicalStart(row)}\n` : canonicalLine(row, row.label))).join(""));
      onProgress();
    },
    finish: async (classIds, countTokens) => {
      const classLabels = labels.values().map((label) => (areClasses ? (classIds[label] as number) : 0));
      await writeGroupFile(groupsFile, { groups: groups.values(), labels: classLabels });
      const every = Math.ceil(classLabels.length / countedRows);
      const lengths: number[] = [];
      const target = await open(rowsFile, "w");
      try {
        let row = 0;
        for await (const lines of linesOf(starts, onProgress)) {
          const first = row;
          row += lines.length;
          const ends = (index: number) => (areClasses ? canonicalEnd(classLabels[first + index] as number) : "\n");
          await target.appendFile(lines.map((line, index) => `${line}${ends(index)}`).join(""));
          if (!countTokens) continue;
          for (const [index, line] of lines.entries()) {
            if ((first + index) % every !== 0) continue;
            const { text, text_pair: textPair } = JSON.parse(areClasses ? `${line}}` : line) as { text: string; text_pair?: string };
            lengths.push(countTokens(text, textPair));
            onProgress();
          }
        }
      } finally {
        await target.close();
      }
      await rm(starts);
      return { rowsFile, groupsFile, tokenLengths: lengthHistogram(lengths) };
    },
    close: () => handle.close(),
  };
}

async function* linesOf(path: string, onRead: () => void): AsyncGenerator<string[], void, undefined> {
  const content = await openFileSource(path, onRead);
  try {
    // Our own lines are never at fault.
    for await (const lines of readLines({ content, filename: path, field: "", faults: collectFaults() }))
      yield lines.map(({ text }) => text);
  } finally {
    await content.close();
  }
}
