import { expect, it } from 'vitest';
import type { Recording } from '../../../src/align/time/recording.ts';
import { byMinute } from '../../../src/evaluate/nights/by-minute.ts';

const recording: Recording = {
  id: 'n',
  subject: 'p',
  startMs: 600_000,
  endMs: 780_000,
  utcOffsetMs: 0,
  sensors: ['motion', 'interbeat'],
  sensor: Uint8Array.of(1, 1, 0, 1, 1, 1),
  sequence: Int32Array.of(0, 1, 0, 2, 3, 4),
  timeMs: Float64Array.of(599_000, 600_000, 601_000, 610_000, 730_000, 731_000),
  arrivedMs: Float64Array.of(599_000, 600_000, 601_000, 610_000, 730_000, 731_000),
  value: Float32Array.of(1, 1000, 7, 500, 2000, 1),
  quality: Float32Array.of(1, 1, 1, 1, 1, 0),
};

it('averages a sensor over each minute in which it was heard, as what is asked for', () => {
  expect(byMinute(recording, 'interbeat', (ms) => 60_000 / ms)).toEqual({
    timeMs: [630_000, 750_000],
    value: [90, 30],
  });
});

it('gives nothing of a sensor that was not there', () => {
  expect(byMinute(recording, 'cgm')).toEqual({ timeMs: [], value: [] });
});
