/** Tells what set-up is doing, on standard error: one line that changes on a terminal, a line now and then elsewhere. */
export interface Progress {
  update(text: string): void;
  /** Ends the step with a line that stays. */
  done(text: string): void;
}

const secondsBetweenLines = 10;

/** Starts to tell about one step. */
export function startProgress(title: string): Progress {
  const started = Date.now();
  let last = started;
  const terminal = process.stderr.isTTY;
  if (!terminal) process.stderr.write(`${title}\n`);
  return {
    update(text) {
      if (terminal) process.stderr.write(`\r\u001b[2K${title}: ${text}`);
      else if (Date.now() - last > secondsBetweenLines * 1000) {
        last = Date.now();
        process.stderr.write(`${title}: ${text}\n`);
      }
    },
    done(text) {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      process.stderr.write(`${terminal ? "\r\u001b[2K" : ""}${title}: ${text} (${seconds} s)\n`);
    },
  };
}
