/** Sensors and seeded arrivals for the tests of time: a slow sensor, beats and motion. */
import type { Arrival, SensorEvent } from '../../../src/align/time/event.ts';
import type { Recording } from '../../../src/align/time/recording.ts';
import type { Setup } from '../../../src/align/time/setup.ts';
import { random } from '../../../src/array/random.ts';
import type { Sensor } from '../../../src/describe/sensor.ts';

export const cgm: Sensor = {
  name: 'cgm',
  unit: 'mg/dL',
  scale: 'ratio',
  everySeconds: 300,
  low: 20,
  high: 600,
  mistakenUnit: { unit: 'mmol/L', factor: 18.016 },
  latenessSeconds: 900,
  silentAfterSeconds: 1200,
};

export const beats: Sensor = {
  name: 'beats',
  unit: 'ms',
  scale: 'ratio',
  everySeconds: 1,
  low: 240,
  high: 2400,
  latenessSeconds: 5,
  silentAfterSeconds: 60,
};

export const motion: Sensor = {
  name: 'motion',
  unit: 'g',
  scale: 'ratio',
  everySeconds: 1,
  low: 0,
  high: 8,
  latenessSeconds: 4,
  silentAfterSeconds: 60,
};

export const setup: Setup = {
  stepSeconds: 15,
  sensors: [cgm, beats, motion],
  slow: 'cgm',
  features: [
    { name: 'beat', kind: 'mean', sensor: 'beats', windowSeconds: 60 },
    { name: 'beat-away', kind: 'deviation', sensor: 'beats', windowSeconds: 120, baselineSeconds: 1800 },
    { name: 'beat-slope', kind: 'slope', sensor: 'beats', windowSeconds: 300 },
    { name: 'variability', kind: 'variability', sensor: 'beats', windowSeconds: 300 },
    { name: 'motion', kind: 'energy', sensor: 'motion', windowSeconds: 60 },
    { name: 'unrest', kind: 'energy', sensor: 'motion', windowSeconds: 60, about: 'mean' },
    { name: 'beats-a-minute', kind: 'count', sensor: 'beats', windowSeconds: 60 },
    { name: 'beats-stale', kind: 'staleness', sensor: 'beats' },
    { name: 'day-sine', kind: 'day-sine' },
    { name: 'day-cosine', kind: 'day-cosine' },
  ],
};

export const startMs = 1_700_000_000_000;

export function event(sensor: string, sequence: number, timeMs: number, value: number, quality = 1): SensorEvent {
  return {
    stream: 'watch',
    subject: 'p1',
    sensor,
    sequence,
    timeMs,
    value: Math.fround(value),
    quality: Math.fround(quality),
  };
}

/** Some minutes of arrivals with delays within what is waited for, repeats, gaps, poor readings and, if asked, faults. */
export function arrivals(seed: number, minutes: number, { faults = false } = {}): Arrival[] {
  const draw = random(seed);
  const made: Arrival[] = [];
  const send = (sensor: Sensor, sequence: number, timeMs: number, value: number) => {
    const made1 = event(sensor.name, sequence, timeMs, value, draw.uniform() < 0.1 ? 0.2 : 1);
    const wait = () => timeMs + Math.floor(draw.uniform() * sensor.latenessSeconds * 1000);
    made.push({ event: made1, arrivedMs: wait() });
    if (draw.uniform() < 0.05) made.push({ event: made1, arrivedMs: wait() });
    if (!faults) return;
    if (draw.uniform() < 0.02) made.push({ event: { ...made1, value: Number.NaN }, arrivedMs: timeMs });
    if (draw.uniform() < 0.02) made.push({ event: { ...made1, sensor: 'unheard-of' }, arrivedMs: timeMs });
    if (draw.uniform() < 0.02) made.push({ event: { ...made1, sequence: sequence + 900000 }, arrivedMs: timeMs + 3e6 });
  };
  const end = startMs + minutes * 60000;
  for (let t = startMs + 70000, n = 0; t < end; t += 300000, n++) send(cgm, n, t, 110 + 10 * draw.normal());
  for (let t = startMs, n = 0; t < end; n++) {
    const beat = 900 + 60 * draw.normal();
    t += Math.round(beat) + (draw.uniform() < 0.002 ? 90000 : 0);
    send(beats, n, t, beat);
  }
  for (let t = startMs, n = 0; t < end; t += 1000, n++) send(motion, n, t, 1 + 0.05 * Math.abs(draw.normal()));
  return made.sort((a, b) => a.arrivedMs - b.arrivedMs);
}

export function recordingOf(rows: readonly Arrival[], minutes: number): Recording {
  const sensors = [...new Set(rows.map(({ event }) => event.sensor))];
  return {
    id: 'night 1',
    subject: 'p1',
    startMs,
    endMs: startMs + minutes * 60000,
    utcOffsetMs: 3600000,
    sensors,
    sensor: Uint8Array.from(rows, ({ event }) => sensors.indexOf(event.sensor)),
    sequence: Int32Array.from(rows, ({ event }) => event.sequence),
    timeMs: Float64Array.from(rows, ({ event }) => event.timeMs),
    arrivedMs: Float64Array.from(rows, ({ arrivedMs }) => arrivedMs),
    value: Float32Array.from(rows, ({ event }) => event.value),
    quality: Float32Array.from(rows, ({ event }) => event.quality),
  };
}
