/** The name of the file that holds the rows of one split inside a data set's folder of the artifact store. */
export function splitFile(name: string): string {
  return `${name}.jsonl`;
}

/** The name of the file beside it that holds what a cut of the split depends on: which rows are copies, and the classes. */
export function groupsFile(name: string): string {
  return `${name}.groups`;
}
