import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../../../src/align/time/recording.ts';
import type { Setup } from '../../../src/align/time/setup.ts';
import { trackOf } from '../../../src/align/time/track-of.ts';
import { need } from '../../require.ts';
import { beats, cgm } from './watch.ts';

const file = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/flirt-wearables/garmin/stream.csv.gz');
const shared = need('shared', existsSync(file));

const heartRate = { ...beats, name: 'heart-rate', unit: 'bpm', low: 25, high: 240 };
const setup: Setup = {
  stepSeconds: 15,
  sensors: [cgm, beats, heartRate],
  slow: 'cgm',
  features: [
    { name: 'interval', kind: 'mean', sensor: 'beats', windowSeconds: 60 },
    { name: 'variability', kind: 'variability', sensor: 'beats', windowSeconds: 300 },
    { name: 'rate', kind: 'mean', sensor: 'heart-rate', windowSeconds: 60 },
  ],
};

const kinds = ['HEART_RATE_VARIABILITY', 'HEART_RATE'];

/** The first hours, before the watch is taken off; as if each record had arrived at once. */
function worn(): Recording {
  const rows = gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(','))
    .filter(([, kind]) => kinds.includes(kind))
    .map(([time, kind, value]) => ({ timeMs: Number(time), sensor: kinds.indexOf(kind), value: Number(value) }));
  const sent = [0, 0];
  const timeMs = Float64Array.from(rows, (row) => row.timeMs);
  return {
    id: 'worn',
    subject: 'garmin',
    startMs: timeMs[0],
    endMs: timeMs[0] + 4 * 3600000,
    utcOffsetMs: 0,
    sensors: ['beats', 'heart-rate'],
    sensor: Uint8Array.from(rows, ({ sensor }) => sensor),
    sequence: Int32Array.from(rows, ({ sensor }) => sent[sensor]++),
    timeMs,
    arrivedMs: timeMs,
    value: Float32Array.from(rows, ({ value }) => value),
    quality: new Float32Array(rows.length).fill(1),
  };
}

describe.skipIf(shared.skip)(`a real watch ${shared.reason}`, () => {
  it('is heard nine tenths of the time that it is worn, nothing refused, with rates and intervals that agree', () => {
    const track = trackOf(worn(), setup, { warmUpSeconds: 0 });
    for (const { refused } of track.counts) expect(refused).toEqual({});
    const width = setup.features.length;
    const heard = [0, 0, 0];
    const ratios: number[] = [];
    for (let tick = 0; tick < track.ticks; tick++) {
      const at = tick * width;
      for (let feature = 0; feature < width; feature++) heard[feature] += track.heard[at + feature];
      if (track.heard[at] && track.heard[at + 2]) ratios.push((track.values[at] * track.values[at + 2]) / 60000);
    }
    expect(heard[0] / track.ticks).toBeGreaterThan(0.9);
    ratios.sort((a, b) => a - b);
    // An interval in ms times a rate in bpm is 60,000; missed beats make the mean interval longer.
    expect(ratios[Math.floor(ratios.length / 2)]).toBeGreaterThan(0.95);
    expect(ratios[Math.floor(ratios.length / 2)]).toBeLessThan(1.1);
    expect(ratios.length).toBeGreaterThan(track.ticks / 2);
  });
});
