import { describe, expect, it } from 'vitest';
import { ticker, ticks } from '../../../src/align/time/ticks.ts';
import { arrivals, event, setup, startMs } from './watch.ts';

describe('a subject by ticks', () => {
  it('tells of every tick once, evenly, however the inputs fall', () => {
    const rows = arrivals(7, 30);
    for (const every of [1, 7, 100]) {
      const machine = ticks(setup, { startMs });
      let state = machine.init();
      const told: number[] = [];
      rows.forEach((row, at) => {
        const asked = at % every ? [row] : [{ clockMs: row.arrivedMs - 1 }, row];
        for (const input of asked) {
          const [next, out] = machine.step(state, input);
          state = next;
          told.push(...out.ticks.map(({ timeMs }) => timeMs));
        }
      });
      expect(told).toEqual(told.map((_, at) => startMs + at * 15000));
      expect(told.length).toBeGreaterThan(118);
    }
  });

  it('goes on telling them through silence, when it is told the time', () => {
    const machine = ticks(setup, { startMs });
    const [, { ticks: told }] = machine.step(machine.init(), { clockMs: startMs + 60000 });
    expect(told.map(({ timeMs }) => (timeMs - startMs) / 1000)).toEqual([0, 15, 30, 45, 60]);
  });

  it('hands on a reading of the slow sensor at once, also one that is older than the last', () => {
    const machine = ticks(setup, { startMs });
    let state = machine.init();
    const readings = [
      { event: event('cgm', 1, startMs + 300000, 81), arrivedMs: startMs + 301000 },
      { event: event('cgm', 0, startMs, 92), arrivedMs: startMs + 302000 },
      { event: event('cgm', 0, startMs, 92), arrivedMs: startMs + 303000 },
    ].map((row) => {
      const [next, out] = machine.step(state, row);
      state = next;
      return out.reading ?? out.refused;
    });
    expect(readings).toEqual([
      { timeMs: startMs + 300000, knownMs: startMs + 301000, value: 81, quality: 1 },
      { timeMs: startMs, knownMs: startMs + 302000, value: 92, quality: 1 },
      'duplicate',
    ]);
  });

  it('does not move for a time that is none', () => {
    const machine = ticks(setup, { startMs });
    const state = machine.init();
    for (const clockMs of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      expect(machine.step(state, { clockMs })[1].ticks).toEqual([]);
    }
    expect(machine.step(state, { clockMs: startMs })[1].ticks.length).toBe(1);
  });

  it('says for how long a sensor said nothing, from the start on', () => {
    const machine = ticker(setup);
    const state = machine.init(startMs);
    expect(machine.silentSeconds(state, 0, startMs + 90000)).toBe(90);
    machine.arrive(state, { event: event('cgm', 0, startMs + 60000, 100), arrivedMs: startMs + 61000 }, () => {});
    machine.arrive(state, { event: event('cgm', 1, startMs + 62000, 9999), arrivedMs: startMs + 63000 }, () => {});
    expect(machine.silentSeconds(state, 0, startMs + 90000)).toBe(30);
    expect(machine.silentSeconds(state, 1, startMs + 90000)).toBe(90);
  });

  it('takes little for a subject at rest', () => {
    const state = ticker(setup).init(startMs);
    const { admit, waiting } = state.intake;
    const columns = [...Object.values(admit), ...Object.values(waiting), state.features, state.course];
    const bytes = columns.reduce((sum, column) => sum + (typeof column === 'number' ? 8 : column.byteLength), 0);
    expect(bytes).toBeLessThan(1200);
  });
});
