/** Those who put what comes in on the bus: from stdin as it comes, or from a log at its own pace. */
import type { Readable } from 'node:stream';
import {
  type Bus,
  type Clock,
  inputTime,
  linesOf,
  markTime,
  openLog,
  pacedClock,
  readSent,
  type StreamInput,
  systemClock,
} from './door.ts';

export interface FeedOptions {
  readonly stepMs: number;
  /** Aborted by whoever wants it to stop, and by itself at the end of the source. */
  readonly stop: AbortController;
}

/** Lines as they come in, and the time. */
export async function hearSent(source: Readable, bus: Bus<StreamInput>, { stepMs, stop }: FeedOptions): Promise<void> {
  const clock = systemClock();
  await feeding(bus, stop, async () => {
    const marking = markTime(bus, clock, stepMs, stop.signal);
    for await (const lines of linesOf(source)) {
      for (const line of lines) if (line !== '') await send(bus, readSent(line, clock.now()), stop.signal);
      if (stop.signal.aborted) break;
    }
    stop.abort();
    await marking;
  });
}

/** A log at its own pace, or a multiple of it. */
export async function hearLog(
  source: Readable,
  bus: Bus<StreamInput>,
  { stepMs, stop, name, speed = 1 }: FeedOptions & { readonly name: string; readonly speed?: number | undefined },
): Promise<void> {
  await feeding(bus, stop, async () => {
    const { inputs } = await openLog(source, { name });
    let clock: Clock | undefined;
    let marking: Promise<void> | undefined;
    for await (const batch of inputs) {
      for (const input of batch) {
        const time = inputTime(input);
        if (speed > 0 && !clock && Number.isFinite(time)) {
          clock = pacedClock(time, speed);
          marking = markTime(bus, clock, stepMs, stop.signal);
        }
        if (clock && time > clock.now()) await clock.until(time, stop.signal);
        if (stop.signal.aborted) break;
        await send(bus, input, stop.signal);
      }
      if (stop.signal.aborted) break;
    }
    stop.abort();
    await marking;
  });
}

/** Whatever happens to those who feed it, the bus is drained. */
async function feeding(bus: Bus<StreamInput>, stop: AbortController, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!stop.signal.aborted) throw error; // else it was we who closed the source
  } finally {
    stop.abort();
    bus.drain();
  }
}

async function send(bus: Bus<StreamInput>, input: StreamInput, stopped: AbortSignal): Promise<void> {
  while (!bus.offer(input)) {
    if (stopped.aborted) return;
    await bus.room();
  }
}
