import { unary } from "../calls/unary.js";
import type { Connection } from "../connection.js";
import type { CallOptions } from "../options.js";

type Start<Page> = Parameters<typeof unary<Page>>[2];

/**
 * The resources of a list over all its pages, each page fetched when the one before it was taken.
 * @param start makes the call for the page of a token, which is empty for the first
 * @throws StepwireError
 */
export async function* pages<Page extends { next_page_token: string }, Resource>(
  connection: Connection,
  method: string,
  start: (token: string) => Start<Page>,
  resourcesOf: (page: Page) => readonly Resource[],
  options: CallOptions,
): AsyncGenerator<Resource, void, undefined> {
  for (let token = ""; ;) {
    const page = await unary<Page>(connection, method, start(token), options);
    yield* resourcesOf(page);
    token = page.next_page_token;
    if (token === "") return;
  }
}
