/** The name of the file that holds one split inside a data set's folder of the artifact store. */
export function splitFile(name: string): string {
  return `${name}.jsonl`;
}
