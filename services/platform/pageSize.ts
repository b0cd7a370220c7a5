import { invalidArgument } from "./statusError.js";

/** A peer takes messages of 4 MiB unless it is told otherwise. Measured as JSON, which is longer than the message. */
const maxPageBytes = 3 * 1024 * 1024;

/**
 * One page of a list, as messages: no more than the caller asked for (AIP-158), and no more than a message can carry, but at least one
 * record when there is any.
 * @param list the records from the page token on, at most so many
 * @throws StatusError INVALID_ARGUMENT when the page size is out of range
 */
export async function listPage<Record, Message>(
  requestedSize: number,
  list: (pageSize: number) => Promise<{ records: readonly Record[]; nextPageToken: string }>,
  write: (record: Record) => Message,
): Promise<{ messages: Message[]; nextPageToken: string }> {
  const { records, nextPageToken } = await list(pageSize(requestedSize));
  const messages: Message[] = [];
  let bytes = 0;
  for (const record of records) {
    const message = write(record);
    bytes += Buffer.byteLength(JSON.stringify(message));
    if (bytes > maxPageBytes && messages.length > 0) {
      const shorter = await list(messages.length);
      return { messages: shorter.records.map(write), nextPageToken: shorter.nextPageToken };
    }
    messages.push(message);
  }
  return { messages, nextPageToken };
}

/** 50 when the caller leaves it 0, at most 1000. */
function pageSize(requested: number): number {
  if (requested < 0 || requested > 1000)
    throw invalidArgument([
      { field: "page_size", reason: "OUT_OF_RANGE", description: `${requested} is out of range; allowed: 0 to 1000` },
    ]);
  return requested || 50;
}
