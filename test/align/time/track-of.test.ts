import { describe, expect, it } from 'vitest';
import { isClock } from '../../../src/align/time/in-order.ts';
import { readCounts } from '../../../src/align/time/refusals.ts';
import { ticks } from '../../../src/align/time/ticks.ts';
import { trackOf } from '../../../src/align/time/track-of.ts';
import { checkOnline } from '../../contract/check-online.ts';
import { arrivals, recordingOf, setup, startMs } from './watch.ts';

checkOnline(
  'a subject by ticks',
  () => ticks(setup, { startMs: startMs - 600000 }),
  [...arrivals(5, 40, { faults: true }), { clockMs: startMs + 3600000 }],
  // Of which some 600 say what is what.
  { stateBytes: 3072 },
);

describe('a track of a recording', () => {
  const minutes = 90;
  const rows = arrivals(1, minutes, { faults: true });
  const recording = recordingOf(rows, minutes);
  const options = { warmUpSeconds: 600 };
  const track = trackOf(recording, setup, options);

  it('is what the same arrivals gave live, byte for byte', () => {
    const machine = ticks(setup, { startMs: track.startMs, utcOffsetMs: recording.utcOffsetMs });
    let state = machine.init();
    const values: number[] = [];
    const heard: number[] = [];
    const known: number[][] = [];
    const lastMs = track.startMs + (track.ticks - 1) * track.stepMs;
    for (const input of [...rows.filter(({ arrivedMs }) => arrivedMs <= lastMs), { clockMs: lastMs }]) {
      const [next, out] = machine.step(state, input);
      state = next;
      for (const tick of out.ticks) {
        expect(tick.timeMs).toBe(track.startMs + (heard.length / track.features.length) * track.stepMs);
        values.push(...tick.values);
        heard.push(...tick.heard);
      }
      if (out.reading) known.push([out.reading.timeMs, out.reading.knownMs, out.reading.value]);
      if (isClock(input)) expect(out.reading).toBeUndefined();
    }
    expect(Buffer.from(Float32Array.from(values).buffer).equals(Buffer.from(track.values.buffer))).toBe(true);
    expect(Uint8Array.from(heard)).toEqual(track.heard);
    const { timeMs, knownMs, value } = track.readings;
    expect(known).toEqual(Array.from(timeMs, (t, at) => [t, knownMs[at], value[at]]));
    expect(readCounts(state.intake.admit.counts, ['cgm', 'beats', 'motion'])).toEqual(track.counts);
  });

  it('begins a warm-up before the judged stretch and ends before its end', () => {
    expect(track.startMs).toBe(startMs - 600000);
    expect(track.judgedFrom).toBe(40);
    expect(track.ticks).toBe(40 + minutes * 4);
    expect(track.values.length).toBe(track.ticks * setup.features.length);
  });

  it('knows at a tick nothing that had not arrived by then', () => {
    for (const tick of [120, 250, 399]) {
      const now = track.startMs + tick * track.stepMs;
      const known = rows.filter(({ arrivedMs }) => arrivedMs <= now);
      const cut = trackOf(recordingOf(known, minutes), setup, options);
      const upTo = (tick + 1) * track.features.length;
      expect(cut.values.subarray(0, upTo)).toEqual(track.values.subarray(0, upTo));
      expect(cut.heard.subarray(0, upTo)).toEqual(track.heard.subarray(0, upTo));
    }
  });

  it('has the readings of the slow sensor once each, known when they arrived', () => {
    const { timeMs, knownMs } = track.readings;
    expect(new Set(timeMs).size).toBe(timeMs.length);
    expect(timeMs.length).toBeGreaterThan(15);
    expect(knownMs.every((known, at) => known >= timeMs[at] && (at === 0 || known >= knownMs[at - 1]))).toBe(true);
  });

  it('counts every row up to its end as taken or refused', () => {
    const lastMs = track.startMs + (track.ticks - 1) * track.stepMs;
    const looked = rows.filter(({ arrivedMs }) => arrivedMs <= lastMs).length;
    const sum = track.counts.reduce(
      (all, { taken, refused }) => all + taken + Object.values(refused).reduce((a, b) => a + b, 0),
      0,
    );
    expect(sum).toBe(looked);
    expect(track.counts[3].refused['unknown-sensor']).toBeGreaterThan(0);
    expect(track.counts[1].refused['not-a-number']).toBeGreaterThan(0);
    expect(track.counts[1].refused.late).toBeGreaterThan(0);
  });

  it('hears nothing of sensors that the recording has not, but knows the hour', () => {
    const silent = trackOf(recordingOf([], 10), setup, options);
    const width = silent.features.length;
    for (let tick = 0; tick < silent.ticks; tick++) {
      const heard = Array.from(silent.heard.subarray(tick * width, (tick + 1) * width));
      expect(heard).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    }
  });

  it('refuses a warm-up that is none', () => {
    expect(() => trackOf(recording, setup, { warmUpSeconds: Number.NaN })).toThrow(
      'trackOf: warmUpSeconds: not a time, expected 0 to a million ticks, got NaN',
    );
  });
});
