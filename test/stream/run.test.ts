import { describe, expect, it } from 'vitest';
import type { Online } from '../../src/estimator.ts';
import { pacedClock, steppedClock } from '../../src/stream/clocks.ts';
import type { StreamInput } from '../../src/stream/input.ts';
import { memoryBus } from '../../src/stream/memory-bus.ts';
import { memoryLog } from '../../src/stream/memory-log.ts';
import { markTime, runStream } from '../../src/stream/run.ts';

/** Says every mark of the clock. */
const times: Online<StreamInput, { count: number }, readonly number[]> = {
  init: () => ({ count: 0 }),
  step(state, input) {
    state.count++;
    return [state, 'clockMs' in input ? [input.clockMs] : []];
  },
};

describe('a run', () => {
  it('says what its inputs make it say, and keeps them before it speaks', async () => {
    const bus = memoryBus<StreamInput>();
    const log = memoryLog<StreamInput>();
    const run = runStream(bus.batches(), times, { log });
    bus.offer({ clockMs: 1 });
    bus.offer({ refused: 'malformed', arrivedMs: 2 });
    expect(await run.next()).toEqual({ done: false, value: [1] });
    expect(log.entries).toHaveLength(2);
    bus.offer({ clockMs: 3 });
    bus.drain();
    expect(await run.next()).toEqual({ done: false, value: [3] });
    expect(await run.next()).toEqual({ done: true, value: { count: 3 } });
    const again = runStream(log.read(), times);
    expect(await again.next()).toEqual({ done: false, value: [1, 3] });
  });

  it('goes no faster than its words are taken, so that the bus fills and says so', async () => {
    const bus = memoryBus<StreamInput>(2);
    const run = runStream(bus.batches(), times);
    bus.offer({ clockMs: 1 });
    await run.next();
    expect([2, 3, 4].map((clockMs) => bus.offer({ clockMs }))).toEqual([true, true, false]);
    expect((await run.next()).value).toEqual([2, 3]);
  });

  it('fails where its log fails, having said nothing that is not kept', async () => {
    const bus = memoryBus<StreamInput>();
    const log = { append: () => Promise.reject(new Error('no space')) };
    const run = runStream(bus.batches(), times, { log });
    bus.offer({ clockMs: 1 });
    await expect(run.next()).rejects.toThrow('no space');
  });
});

describe('time', () => {
  it('is marked at every whole step, only the newest where several went by', async () => {
    const clock = steppedClock(1005);
    const bus = memoryBus<StreamInput>();
    const stopped = new AbortController();
    const marking = markTime(bus, clock, 10, stopped.signal);
    for (const now of [1009, 1010, 1047, 1051]) {
      clock.set(now);
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
    stopped.abort();
    await marking;
    bus.drain();
    const marks: StreamInput[] = [];
    for await (const batch of bus.batches()) marks.push(...batch);
    expect(marks).toEqual([1010, 1040, 1050].map((clockMs) => ({ clockMs })));
  });

  it('can run faster than that of the machine, from any start', async () => {
    const clock = pacedClock(5_000_000, 10_000);
    await clock.until(5_001_000);
    expect(clock.now()).toBeGreaterThanOrEqual(5_001_000);
    expect(() => pacedClock(0, 0)).toThrow('pacedClock: unusable pace, expected a time and a speed above 0, got 0, 0');
  });

  it('is not waited for once stopped', async () => {
    const stopped = new AbortController();
    const waits = pacedClock(0, 1).until(1e12, stopped.signal);
    stopped.abort();
    await expect(waits).resolves.toBeUndefined();
    await expect(steppedClock(0).until(1, stopped.signal)).resolves.toBeUndefined();
  });
});
