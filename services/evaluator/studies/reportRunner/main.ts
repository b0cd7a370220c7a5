import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildStudyReport } from "#core/studies/report/buildStudyReport.js";
import { renderHtml } from "#core/studies/report/renderHtml.js";
import { renderMarkdown } from "#core/studies/report/renderMarkdown.js";
import { reportJson } from "#core/studies/report/reportJson.js";
import type { RunOutcome } from "#core/studies/report/runOutcome.js";
import type { RunCurve } from "#core/studies/runCurve.js";
import { runnerMain } from "#platform/runnerMain.js";
import { readOutcomes } from "../../comparisons/readOutcomes.js";
import { reportFiles } from "../reportFiles.js";
import type { ReportInput, ReportMessage } from "../reportProtocol.js";

// Compares what a study's final runs predicted, and writes its report in every format.

await runnerMain(async (raw, { send: tell, shouldStop }) => {
  const { study, files, settings, now, folder } = raw as ReportInput;
  const send = (message: ReportMessage) => tell(message);
  const finals: RunOutcome[] = [];
  for (const { trainingJob, predictions, splitDigest, curve } of files) {
    if (shouldStop()) return;
    const run = study.runs.find((each) => each.trainingJob === trainingJob);
    if (!run) continue;
    finals.push({
      run,
      splitDigest,
      outcomes: (await readOutcomes(predictions, study.declaration.metric)).outcomes,
      curve: JSON.parse(await readFile(curve, "utf8")) as RunCurve,
    });
  }
  const report = buildStudyReport({ study, endTime: now, finals, settings });
  await writeFile(join(folder, reportFiles.json.name), reportJson(report));
  await writeFile(join(folder, reportFiles.markdown.name), renderMarkdown(report));
  await writeFile(join(folder, reportFiles.html.name), renderHtml(report));
  await send({ type: "done" });
});
