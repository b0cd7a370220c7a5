/** What a study's report is stored as, by the format's name. */
export const reportFiles = {
  json: { name: "report.json", mediaType: "application/json" },
  markdown: { name: "report.md", mediaType: "text/markdown; charset=utf-8" },
  html: { name: "report.html", mediaType: "text/html; charset=utf-8" },
} as const;
