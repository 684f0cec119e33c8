/** Those who put what comes in on the bus: from stdin as it comes, or from a log at its own pace. */
import type { Readable } from 'node:stream';
import {
  type Bus,
  believe,
  type Clock,
  dayMs,
  inputTime,
  linesOf,
  markTime,
  newBelieved,
  openLog,
  pacedClock,
  readSent,
  type StreamInput,
  systemClock,
} from '../../src/index.ts';

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
      for (const line of lines) if (line !== '') await send(bus, readSent(line, clock.now())); // all that was read
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
    const told = newBelieved();
    let pace: Clock | undefined;
    let marking: Promise<void> | undefined;
    // A gap of days is not waited for: the clock is set anew behind it.
    const clock: Clock = {
      now: () => pace?.now() ?? 0,
      until: async (timeMs, stopped) => await pace?.until(timeMs, stopped),
    };
    for await (const batch of inputs) {
      for (const input of batch) {
        const time = inputTime(input);
        const before = told.nowMs;
        if (speed > 0 && believe(told, time)) {
          if (!(time - before <= dayMs)) pace = pacedClock(time, speed);
          marking ??= markTime(bus, clock, stepMs, stop.signal);
          if (time > clock.now()) await clock.until(time, stop.signal);
        }
        if (stop.signal.aborted) break;
        await send(bus, input);
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

/** Waits for room; a bus that is closed takes nothing any more. */
async function send(bus: Bus<StreamInput>, input: StreamInput): Promise<void> {
  while (!bus.offer(input) && bus.status().open) await bus.room();
}
