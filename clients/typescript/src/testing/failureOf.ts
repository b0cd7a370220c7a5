import { StepwireError } from "../stepwireError.js";

/** The error of a call that must fail. @throws Error when it does not, or fails with another kind of error */
export async function failureOf(call: Promise<unknown>): Promise<StepwireError> {
  const reason = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (reason instanceof StepwireError) return reason;
  throw new Error("the call must fail with a StepwireError", { cause: reason });
}
