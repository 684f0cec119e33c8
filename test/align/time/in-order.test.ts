import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../../src/align/time/event.ts';
import { inOrder, type Settled } from '../../../src/align/time/in-order.ts';
import { readCounts } from '../../../src/align/time/refusals.ts';
import { checkOnline } from '../../contract/check-online.ts';
import { arrivals, beats, cgm, event, motion, startMs } from './watch.ts';

const sensors = [beats, motion];
const latenessMs = 5000;

checkOnline('restored order', () => inOrder(sensors), arrivals(2, 20, { faults: true }), { stateBytes: 3072 });

function settledOf(inputs: readonly (Arrival | { clockMs: number })[], of = sensors) {
  const machine = inOrder(of);
  let state = machine.init();
  const settled: Settled[] = [];
  for (const input of inputs) {
    const [next, out] = machine.step(state, input);
    state = next;
    settled.push(...out.settled);
  }
  const names = of.map(({ name }) => name);
  return { settled, counts: readCounts(state.admit.counts, names), state };
}

/** Readings of one sensor a second or so apart, some at one moment, of another in between. */
const readings = fc.array(
  fc.record({
    gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4000 })),
    sensor: fc.constantFrom(0, 1),
    value: fc.integer({ min: 300, max: 2000 }),
    delaysMs: fc.array(fc.integer({ min: 0, max: 3999 }), { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 60 },
);

describe('readings in order', () => {
  it('are the same bytes shuffled within what is waited for, doubled and told the time in between', () => {
    fc.assert(
      fc.property(readings, fc.array(fc.integer({ min: 0, max: 120000 }), { maxLength: 20 }), (drawn, clocks) => {
        const numbers = [0, 0];
        let timeMs = startMs;
        const events = drawn.map(({ gapMs, sensor, value }) => {
          timeMs += gapMs;
          return event(sensors[sensor].name, numbers[sensor]++, timeMs, sensor ? value / 300 : value);
        });
        const end = { clockMs: timeMs + 10 * latenessMs };
        const inOrderOfTime = [...events]
          .sort(
            (a, b) =>
              a.timeMs - b.timeMs ||
              sensors.findIndex((s) => s.name === a.sensor) - sensors.findIndex((s) => s.name === b.sensor) ||
              a.sequence - b.sequence,
          )
          .map((one) => ({ event: one, arrivedMs: one.timeMs }));
        const plain = settledOf([...inOrderOfTime, end]);
        expect(plain.settled.length).toBe(events.length);
        expect(plain.settled.map(({ timeMs: t }) => t)).toEqual(inOrderOfTime.map(({ event: e }) => e.timeMs));

        const shuffled: (Arrival | { clockMs: number })[] = events
          .flatMap((one, at) => drawn[at].delaysMs.map((delay) => ({ event: one, arrivedMs: one.timeMs + delay })))
          .sort((a, b) => a.arrivedMs - b.arrivedMs);
        for (const offset of clocks) {
          const clockMs = startMs + offset;
          const at = shuffled.findIndex((input) => 'arrivedMs' in input && input.arrivedMs >= clockMs);
          shuffled.splice(at < 0 ? shuffled.length : at, 0, { clockMs: Math.min(clockMs, timeMs) });
        }
        const mixed = settledOf([...shuffled, end]);
        expect(serialize(mixed.settled).equals(serialize(plain.settled))).toBe(true);
        const repeats = mixed.counts.reduce((sum, { refused }) => sum + (refused.duplicate ?? 0), 0);
        expect(repeats).toBe(drawn.reduce((sum, { delaysMs }) => sum + delaysMs.length - 1, 0));
      }),
      { numRuns: 300 },
    );
  });

  it('come out as soon as nothing can come before them, and not sooner', () => {
    const machine = inOrder(sensors);
    let state = machine.init();
    const say = (input: Arrival | { clockMs: number }) => {
      const [next, out] = machine.step(state, input);
      state = next;
      return out.settled.map(({ sequence }) => sequence);
    };
    expect(say({ event: event('beats', 0, startMs, 900), arrivedMs: startMs })).toEqual([]);
    expect(say({ clockMs: startMs + latenessMs })).toEqual([]);
    expect(say({ clockMs: startMs + latenessMs + 1 })).toEqual([0]);
    expect(say({ clockMs: startMs + 3 * latenessMs })).toEqual([]);
  });

  it('keep both of two readings that a sensor took at one moment', () => {
    const both = [
      { event: event('cgm', 0, startMs, 90), arrivedMs: startMs },
      { event: event('cgm', 1, startMs, 90), arrivedMs: startMs },
      { clockMs: startMs + 1e6 },
    ];
    expect(settledOf(both, [cgm]).settled.map(({ sequence }) => sequence)).toEqual([0, 1]);
  });

  it('are not held up by a silent sensor, nor hurried by one whose clock runs ahead', () => {
    const rows = [
      { event: event('motion', 0, startMs + 4500, 1), arrivedMs: startMs },
      { event: event('beats', 0, startMs - 4500, 900), arrivedMs: startMs },
      { event: event('beats', 1, startMs + 6000, 910), arrivedMs: startMs + 6000 },
      { event: event('beats', 2, startMs + 12000, 920), arrivedMs: startMs + 12000 },
    ];
    const { settled, counts } = settledOf(rows);
    expect(settled.map(({ sensor, sequence }) => `${sensor} ${sequence}`)).toEqual(['beats 0', 'motion 0', 'beats 1']);
    expect(counts.every(({ refused }) => Object.keys(refused).length === 0)).toBe(true);
  });

  it('go on when the clock of arrivals goes back', () => {
    const rows = [10, 20, 5, 6, 30].map((second, at) => ({
      event: event('beats', at, startMs + 1000 * (16 + at), 900),
      arrivedMs: startMs + second * 1000,
    }));
    const { settled, counts } = settledOf([...rows, { clockMs: startMs + 60000 }]);
    expect(settled.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    // 16 s is ahead of 10 s; at 30 s a reading of 20 s is late.
    expect(counts[0]).toEqual({ sensor: 'beats', taken: 3, refused: { future: 1, late: 1 } });
  });

  it('wait within bounds: of 100,000 messages in a second most are counted and no more', () => {
    const flood = Array.from({ length: 100000 }, (_, at) => ({
      event: event('beats', at, startMs + (at % 1000), 900),
      arrivedMs: startMs + 500,
    }));
    const { counts, state } = settledOf(flood);
    expect(counts[0].taken + (counts[0].refused['too-many'] ?? 0)).toBe(100000);
    expect(counts[0].taken).toBeLessThanOrEqual(300);
    expect(serialize(state).length).toBeLessThan(16384);
    const later = settledOf([...flood, { event: event('motion', 0, startMs + 700, 1), arrivedMs: startMs + 900 }]);
    expect(later.counts[1].taken).toBe(1);
  });

  it('take little room again once a flood is over', () => {
    const many = Array.from({ length: 280 }, (_, at) => ({
      event: event('motion', at, startMs - (at % 7) * 300, 1),
      arrivedMs: startMs + 400,
    }));
    const before = settledOf([]).state;
    const { state } = settledOf([...many, { clockMs: startMs + 1e5 }]);
    expect(settledOf(many).state.waiting.timeMs.length).toBeGreaterThan(64);
    expect(serialize(state).length).toBeLessThan(serialize(before).length + 512);
  });
});
