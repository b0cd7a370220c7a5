import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildStudyReport } from "#core/studies/report/buildStudyReport.js";
import { renderHtml } from "#core/studies/report/renderHtml.js";
import { renderMarkdown } from "#core/studies/report/renderMarkdown.js";
import { reportJson } from "#core/studies/report/reportJson.js";
import { runnerMain } from "#platform/runnerMain.js";
import { withFailures } from "../failedRuns.js";
import { reportFiles } from "../reportFiles.js";
import type { ReportInput, ReportMessage } from "../reportProtocol.js";
import { readRuns } from "./readRuns.js";

// Compares what a study's final runs predicted, and writes its report in every format.

await runnerMain(async (raw, { send: tell, shouldStop }) => {
  const { study, files, settings, evaluations, now, folder } = raw as ReportInput;
  const send = (message: ReportMessage) => tell(message);
  const { finals, failed } = await readRuns(study, files, shouldStop);
  if (shouldStop()) return;
  const report = buildStudyReport({
    study: { ...study, runs: withFailures(study.runs, failed) },
    endTime: now,
    finals,
    settings,
    evaluations,
  });
  await writeFile(join(folder, reportFiles.json.name), reportJson(report));
  await writeFile(join(folder, reportFiles.markdown.name), renderMarkdown(report));
  await writeFile(join(folder, reportFiles.html.name), renderHtml(report));
  await send({ type: "done", failed });
});
