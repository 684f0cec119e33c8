import { describe, expect, it } from 'vitest';
import { checkSetup, featureKinds, type Setup } from '../../../src/align/time/setup.ts';
import { setup } from './watch.ts';

const refused = (change: object) => () => checkSetup({ ...setup, ...change } as Setup);
const feature = (change: object) =>
  refused({ features: [{ name: 'f', kind: 'mean', sensor: 'beats', windowSeconds: 60, ...change }] });
const sensor = (change: object) =>
  refused({ sensors: [setup.sensors[0], { ...setup.sensors[1], ...change }], features: [] });

describe('what is listened to', () => {
  it('is taken where it can be meant', () => {
    expect(() => checkSetup(setup)).not.toThrow();
    expect(new Set(setup.features.map(({ kind }) => kind)).size).toBe(featureKinds.length);
  });

  it.each([
    ['setup: stepSeconds: not a positive number, expected > 0, got 0', refused({ stepSeconds: 0 })],
    ['setup: slow: no such sensor, expected cgm, beats, motion, got CGM', refused({ slow: 'CGM' })],
    ['setup: number of sensors, expected 1 to 255, got 0', refused({ sensors: [] })],
    [
      'setup: sensors: a name twice, expected each once, got cgm',
      refused({ sensors: [setup.sensors[0], setup.sensors[0]] }),
    ],
    [
      'setup: features: a name twice, expected each once, got beat',
      refused({ features: [setup.features[0], setup.features[0]] }),
    ],
    ['setup: sensor "beats": no range, expected low < high, got 240 to 240', sensor({ high: 240 })],
    ['setup: sensor "beats": everySeconds: not a positive number, expected > 0, got -1', sensor({ everySeconds: -1 })],
    [
      'setup: sensor "beats": latenessSeconds: not a bound, expected 0 to 86400, got Infinity',
      sensor({ latenessSeconds: Number.POSITIVE_INFINITY }),
    ],
    [
      'setup: sensor "beats": mistakenUnit.factor: not a positive number, expected > 0, got 0',
      sensor({ mistakenUnit: { unit: 's', factor: 0 } }),
    ],
    [
      'setup: feature "f": unknown kind, expected mean, deviation, slope, variability, energy, count, staleness, day-sine, day-cosine, got median',
      feature({ kind: 'median' }),
    ],
    ['setup: feature "f": not a fast sensor, expected beats, motion, got cgm', feature({ sensor: 'cgm' })],
    ['setup: feature "f": not a fast sensor, expected beats, motion, got undefined', feature({ sensor: undefined })],
    ['setup: feature "f": unknown option "window", expected sensor, windowSeconds', feature({ window: 3 })],
    [
      'setup: feature "f": unknown option "baselineSeconds", expected sensor, windowSeconds',
      feature({ baselineSeconds: 3 }),
    ],
    [
      'setup: feature "f": baselineSeconds: not a positive number, expected > 0, got undefined',
      feature({ kind: 'deviation' }),
    ],
    [
      'setup: feature "f": windowSeconds: not a positive number, expected > 0, got NaN',
      feature({ windowSeconds: Number.NaN }),
    ],
    ['setup: feature "f": about: unknown, expected zero, mean, got "one"', feature({ kind: 'energy', about: 'one' })],
  ])('says %s', (message, act) => {
    expect(act).toThrow(message);
  });
});
