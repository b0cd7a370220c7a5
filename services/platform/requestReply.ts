import * as grpc from "@grpc/grpc-js";
import { type NatsConnection, RequestError, type Subscription } from "@nats-io/transport-node";
import type { Logger } from "./logger.js";
import { type FieldViolation, StatusError, toStatusError } from "./statusError.js";

// Questions that one process asks of whichever process of a kind is there, over NATS, without a record: what is asked again does no harm.

/** What comes back: JSON, like the question. */
type Answer =
  | { result: unknown }
  | { error: { code: number; reason: string; message: string; metadata: Record<string, string>; violations: FieldViolation[] } };

/**
 * Asks and waits for the answer.
 * @param who answers, in words, for the error when nobody is there
 * @throws StatusError that the other side threw; UNAVAILABLE when nobody is there; DEADLINE_EXCEEDED
 */
export async function ask(
  connection: NatsConnection,
  subject: string,
  question: object,
  { who, timeoutMs }: { who: string; timeoutMs: number },
): Promise<unknown> {
  const reply = await connection.request(subject, JSON.stringify(question), { timeout: timeoutMs }).catch((error: unknown) => {
    if (error instanceof RequestError && error.isNoResponders())
      throw new StatusError(grpc.status.UNAVAILABLE, "NO_WORKER", `no ${who} is running; try again when one is`, { cause: error });
    if (error instanceof Error && /timeout/i.test(`${error.name} ${error.message}`))
      throw new StatusError(grpc.status.DEADLINE_EXCEEDED, "NO_ANSWER", `the ${who} did not answer within ${timeoutMs / 1000} seconds`, {
        cause: error,
      });
    throw error;
  });
  const answer = reply.json<Answer>();
  if ("result" in answer) return answer.result;
  const { code, reason, message, metadata, violations } = answer.error;
  throw new StatusError(code, reason, message, { metadata, violations });
}

/**
 * Answers questions until the returned function is called; each is answered by one of those that have the same queue.
 * @returns settles once the questions that came have been answered
 */
export function answerQuestions(
  connection: NatsConnection,
  subject: string,
  queue: string,
  answer: (question: unknown, tenant: string) => Promise<object>,
  logger: Logger,
): () => Promise<void> {
  const subscription: Subscription = connection.subscribe(subject, { queue });
  const running = new Set<Promise<void>>();
  const reply = async (message: { data: Uint8Array; subject: string; json<T>(): T; respond(data: string): boolean }) => {
    let body: Answer;
    try {
      body = { result: await answer(message.json<unknown>(), message.subject.split(".")[2] ?? "") };
    } catch (error) {
      const { code, reason, message: text, metadata, violations } = toStatusError(error, logger);
      body = { error: { code, reason, message: text, metadata, violations: [...violations] } };
    }
    message.respond(JSON.stringify(body));
  };
  const serving = (async () => {
    for await (const message of subscription) {
      const answering = reply(message)
        .catch((error: unknown) => logger.warn({ err: error, subject }, "a question could not be answered"))
        .finally(() => running.delete(answering));
      running.add(answering);
    }
  })();
  return async () => {
    // What is on its way still comes.
    await subscription.drain().catch(() => undefined);
    await serving;
    await Promise.all(running);
  };
}
