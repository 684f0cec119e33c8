import type { Online } from '../estimator.ts';
import type { StreamInput } from './input.ts';
import type { Bus, Clock, Log } from './ports.ts';

export interface RunStreamOptions {
  /** Keeps every input before it is heard, so that nothing is said that cannot be said again. */
  readonly log?: Pick<Log<StreamInput>, 'append'>;
}

/**
 * Hears inputs in order and passes on what is said. It goes no faster than its output is taken, and ends with its inputs:
 * whoever drains the bus behind them gets all that waited.
 *
 * @returns the state at the end
 */
export async function* runStream<State, Out>(
  inputs: AsyncIterable<readonly StreamInput[]>,
  online: Online<StreamInput, State, readonly Out[]>,
  { log }: RunStreamOptions = {},
): AsyncGenerator<readonly Out[], State> {
  let state = online.init();
  for await (const batch of inputs) {
    await log?.append(batch);
    const said: Out[] = [];
    for (const input of batch) {
      const [next, words] = online.step(state, input);
      state = next;
      for (const word of words) said.push(word);
    }
    if (said.length > 0) yield said;
  }
  return state;
}

/**
 * Marks the time on a bus at every whole step of a clock, so that silence is noticed; until stopped. Where there is no room
 * it waits, and then marks the newest step alone.
 */
export async function markTime(
  bus: Pick<Bus<StreamInput>, 'offer' | 'room'>,
  clock: Clock,
  stepMs: number,
  stopped: AbortSignal,
): Promise<void> {
  for (let step = Math.floor(clock.now() / stepMs) + 1; !stopped.aborted; ) {
    await clock.until(step * stepMs, stopped);
    await bus.room();
    if (stopped.aborted) return;
    step = Math.max(step, Math.floor(clock.now() / stepMs));
    bus.offer({ clockMs: step * stepMs });
    step++;
  }
}
