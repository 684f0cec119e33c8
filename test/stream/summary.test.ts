import { describe, expect, it } from 'vitest';
import type { Recording } from '../../src/align/time/recording.ts';
import type { AlertChange } from '../../src/fuse/hybrid/alert/alert.ts';
import { arrivalsOf } from '../../src/stream/arrivals-of.ts';
import { isNothing, saidLines } from '../../src/stream/said-lines.ts';
import { tally } from '../../src/stream/summary.ts';

const change: AlertChange = { alert: 0, kind: 'provisional', timeMs: 2000, score: 0.5 };
const correction = { fromMs: 0, toMs: 1000, ticks: 2, alarming: 1 };
const out = { changes: [change], settled: [{ ...change, kind: 'ended' as const }], corrections: [correction] };
const said = { subject: 'p1', saidMs: 2500, out };
const arrival = (sensor: string, subject = 'p1', arrivedMs = 1000) => ({
  event: { stream: 'watch', subject, sensor, sequence: 0, timeMs: 0, value: 1, quality: 1 },
  arrivedMs,
});

describe('what is said', () => {
  it('is one line of JSON a change, and settled ones only where asked for', () => {
    const lines = saidLines([{ refused: 'late' }, said]).split('\n');
    expect(lines).toEqual([
      '{"subject":"p1","saidMs":2500,"alert":0,"kind":"provisional","timeMs":2000,"score":0.5}',
      '{"subject":"p1","saidMs":2500,"correction":{"fromMs":0,"toMs":1000,"ticks":2,"alarming":1}}',
      '',
    ]);
    expect(saidLines([said], { settled: true })).toContain('"settled":{"alert":0,"kind":"ended"');
  });

  it('is nothing where neither alerts nor refusals are', () => {
    const empty = { changes: [], settled: [], corrections: [] };
    expect([empty, { ...empty, refused: 'late' as const }, out].map(isNothing)).toEqual([true, false, false]);
  });
});

describe('a summary', () => {
  it('counts everything that arrived once: taken, or refused by sensor and reason', () => {
    const counts = tally(['pulse', 'cgm', 'unused']);
    const refused = (reason: 'late' | 'unknown-sensor') => ({
      ...said,
      out: { changes: [], settled: [], corrections: [], refused: reason },
    });
    counts.add(arrival('cgm'), [said]);
    counts.add({ clockMs: 2000 }, [said]);
    counts.add(arrival('pulse', 'p1', 3000), [said, refused('late')]);
    counts.add(arrival('pulse', 'p2', 9e15), [{ refused: 'clock-jump', sensor: 'pulse' }]);
    counts.add(arrival('brain'), [refused('unknown-sensor')]);
    counts.add({ refused: 'malformed', arrivedMs: Number.NEGATIVE_INFINITY }, [{ refused: 'malformed' }]);
    expect(counts.summary()).toEqual({
      kind: 'stream-summary',
      version: 1,
      arrived: 5,
      taken: 1,
      refused: 4,
      sensors: [
        { sensor: 'pulse', taken: 0, refused: { 'clock-jump': 1, late: 1 } },
        { sensor: 'cgm', taken: 1, refused: {} },
        { sensor: null, taken: 0, refused: { malformed: 1, 'unknown-sensor': 1 } },
      ],
      subjects: 1,
      from: '1970-01-01T00:00:01.000Z',
      to: '1970-01-01T00:00:03.000Z',
      alerts: { provisional: 3 },
      corrections: 3,
    });
  });
});

describe('a recording', () => {
  it('is heard as its events arrived', () => {
    const recording: Recording = {
      id: 'n1',
      subject: 'p1',
      startMs: 0,
      endMs: 10,
      utcOffsetMs: 0,
      sensors: ['cgm', 'pulse'],
      sensor: Uint8Array.of(1, 0),
      sequence: Int32Array.of(0, 5),
      timeMs: Float64Array.of(1, 2),
      arrivedMs: Float64Array.of(3, 4),
      value: Float32Array.of(0.5, 93),
      quality: Float32Array.of(1, 0.5),
    };
    expect([...arrivalsOf(recording)]).toEqual([
      {
        event: { stream: 'n1', subject: 'p1', sensor: 'pulse', sequence: 0, timeMs: 1, value: 0.5, quality: 1 },
        arrivedMs: 3,
      },
      {
        event: { stream: 'n1', subject: 'p1', sensor: 'cgm', sequence: 5, timeMs: 2, value: 93, quality: 0.5 },
        arrivedMs: 4,
      },
    ]);
  });
});
