import { CancelledError } from '../../src/index.ts';

/** Runs work that stops where it is told of Ctrl-C, or a request to end. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work(interrupted.signal);
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

/** Lets signals in, then goes on unless one came. */
export async function goOn(signal: AbortSignal, doing: string): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  if (signal.aborted) throw new CancelledError(doing);
}
