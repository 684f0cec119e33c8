import type { Setup } from '../../align/time/setup.ts';

/** How a simulated night is listened to: its sensors, and what is read from the watch every 15 s. */
export const nightSetup: Setup = {
  stepSeconds: 15,
  sensors: [
    {
      name: 'cgm',
      unit: 'mg/dL',
      scale: 'interval',
      everySeconds: 300,
      low: 20,
      high: 600,
      mistakenUnit: { unit: 'mmol/L', factor: 18.0182 },
      latenessSeconds: 1200,
      silentAfterSeconds: 1200,
    },
    {
      name: 'interbeat',
      unit: 'ms',
      scale: 'ratio',
      everySeconds: 1,
      low: 250,
      high: 2500,
      latenessSeconds: 10,
      silentAfterSeconds: 300,
    },
    {
      name: 'motion',
      unit: 'milli-g',
      scale: 'ratio',
      everySeconds: 1,
      low: 0,
      high: 16000,
      latenessSeconds: 10,
      silentAfterSeconds: 300,
    },
  ],
  slow: 'cgm',
  features: [
    { name: 'heart', sensor: 'interbeat', kind: 'deviation', windowSeconds: 120, baselineSeconds: 1800 },
    { name: 'variability', sensor: 'interbeat', kind: 'variability', windowSeconds: 300 },
    { name: 'motion', sensor: 'motion', kind: 'energy', windowSeconds: 120 },
    { name: 'day-sine', kind: 'day-sine' },
    { name: 'day-cosine', kind: 'day-cosine' },
  ],
};
