import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/errors.ts';
import { parseHybrid } from '../../../../src/fuse/hybrid/config/config.ts';
import { filesIn, read } from '../../../structure/sources.ts';

const plain = `kind: hybrid-fusion
version: 1
name: heat
sensors:
  probe: { unit: C, every: 300 s, low: 20, high: 45 }
  skin: { unit: C, every: 1, low: 0, high: 60 }
slow: probe
event: { above: 39 }
features:
  warmth: { sensor: skin, kind: deviation, window: 2 min, baseline: 1 h }
evidence:
  warmth: { shift: 1.5, sd: 1 }
quantity: { mean: 37, sd: .5, rateSd: .02, rateTime: 30 min, noise: .1 }
alerts: { raise: .5 }
`;

const refusal = (from: string, to: string) => {
  expect(plain).toContain(from);
  try {
    parseHybrid(plain.replace(from, to), 'heat.yaml');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'taken';
};

describe('the configuration of a hybrid fusion', () => {
  it('has everything in the units of its names, with stated defaults', () => {
    expect(parseHybrid(plain, 'heat.yaml')).toEqual({
      name: 'heat',
      setup: {
        stepSeconds: 15,
        slow: 'probe',
        sensors: [
          {
            name: 'probe',
            unit: 'C',
            scale: 'interval',
            everySeconds: 300,
            low: 20,
            high: 45,
            latenessSeconds: 30,
            silentAfterSeconds: 1200,
          },
          {
            name: 'skin',
            unit: 'C',
            scale: 'interval',
            everySeconds: 1,
            low: 0,
            high: 60,
            latenessSeconds: 30,
            silentAfterSeconds: 60,
          },
        ],
        features: [{ name: 'warmth', kind: 'deviation', sensor: 'skin', windowSeconds: 120, baselineSeconds: 3600 }],
      },
      question: { threshold: 39, beyond: 'above', mode: 'nowcast', horizonSeconds: 1200 },
      strategy: 'hybrid',
      evidence: [{ feature: 'warmth', usual: 0, shift: 1.5, sd: 1, least: -3, most: 3 }],
      evidenceSeconds: 60,
      dynamics: {
        levelMean: 37,
        levelSd: 0.5,
        rateSd: 0.02,
        rateMinutes: 30,
        lagMinutes: 0,
        errorSd: 0,
        errorMinutes: 60,
        noiseSd: 0.1,
      },
      alerts: { raise: 0, slowSilentSeconds: 1200 },
      utcOffsetMs: 0,
    });
  });

  it('may be JSON', () => {
    const text = JSON.stringify({
      kind: 'hybrid-fusion',
      version: 1,
      name: 'x',
      sensors: { probe: { unit: 'C', every: '5 min', low: 20, high: 45 } },
      slow: 'probe',
      event: { below: 35 },
      strategy: 'filter',
      quantity: { mean: 37, sd: 0.5, rateSd: 0.02, rateTime: 1800, noise: 0.1 },
      alerts: { raise: 0.5 },
    });
    expect(parseHybrid(text, 'x.json').question).toMatchObject({ threshold: 35, beyond: 'below' });
  });

  it('is refused by name, line and column where something in it is unknown', () => {
    expect(refusal('slow: probe', 'slwo: probe')).toBe(
      'heat.yaml:7:1: slwo: unknown option, did you mean "slow"?, expected one of kind, version, name, sensors, slow, ' +
        'event, mode, horizon, tick, features, strategy, evidence, evidenceTime, quantity, fitted, alerts, utcOffset, got "slwo"',
    );
    expect(refusal('every: 300 s', 'evry: 300 s')).toMatch(
      /^heat\.yaml:5:21: sensors\.probe\.evry: unknown option, did you mean "every"\?, expected one of unit, scale, every/,
    );
    expect(refusal('raise: .5', 'raise: .5, snoze: 3')).toMatch(
      /^heat\.yaml:14:22: alerts\.snoze: unknown option, did you mean "snooze"\?/,
    );
  });

  it.each([
    [
      'slow: probe',
      'slow: prob',
      'heat.yaml:7:1: slow: no such sensor, did you mean "probe"?, expected one of probe, skin, got prob',
    ],
    [
      'sensor: skin',
      'sensor: sking',
      'heat.yaml:10:13: features.warmth.sensor: not a fast sensor, did you mean "skin"?, expected one of skin, got sking',
    ],
    [
      'kind: deviation',
      'kind: deviatoin',
      'heat.yaml:10:27: features.warmth.kind: unusable, did you mean "deviation"?, expected one of mean, deviation, slope, variability, energy, count, staleness, day-sine, day-cosine, got "deviatoin"',
    ],
    [
      'every: 300 s',
      'every: 5 minutes',
      'heat.yaml:5:21: sensors.probe.every: unusable, expected a duration, such as 300 (seconds), 300 s, 20 min or 2 h, got "5 minutes"',
    ],
    [
      'raise: .5',
      'raise: 50',
      'heat.yaml:14:11: alerts.raise: unusable, expected a probability between 0 and 1, got 50',
    ],
    ['raise: .5', '', 'heat.yaml:14:1: alerts.raise: missing, expected a probability between 0 and 1'],
    ['above: 39', 'above: 39, below: 35', 'heat.yaml:8:1: event: unusable, expected either "below" or "above"'],
    [
      '  warmth: { shift',
      '  warmht: { shift',
      'heat.yaml:12:3: evidence.warmht: no such feature, did you mean "warmth"?, expected one of warmth, got warmht',
    ],
    [
      'low: 20, high: 45',
      'low: 45, high: 20',
      'heat.yaml:5:35: sensors.probe.low: no range, expected less than "high", got 45 to 20',
    ],
    [
      'slow: probe',
      'slow: probe\nstrategy: late',
      'heat.yaml:8:1: strategy: strategy "late" has to be fitted, expected "fitted" with a file, or strategy "filter" or "hybrid" with numbers by hand',
    ],
    [
      'slow: probe',
      'slow: probe\nfitted: heat.model',
      'heat.yaml:12:1: evidence: given by hand beside what was fitted, expected one of them',
    ],
    ['quantity: {', 'mode: forecast\n#', 'heat.yaml:1:1: quantity: missing, expected a map, or "fitted" with a file'],
    [
      'raise: .5',
      'raise: .5, confirm: .4, retract: .6',
      'heat.yaml:14:35: alerts.retract: above "confirm", expected at most 0.4, got 0.6',
    ],
    ['alerts: { raise: .5 }', '', 'heat.yaml:1:1: alerts: missing, expected a map, or "fitted" with a file'],
    ['slow: probe', 'slow: [', /^heat\.yaml:\d+:\d+: not valid YAML: /],
    ['slow: probe', 'slow: probe\nslow: skin', 'heat.yaml:8:1: not valid YAML: Map keys must be unique'],
  ])('refuses %s turned into %s', (from, to, words) => {
    const message = refusal(from, to);
    if (typeof words === 'string') expect(message).toBe(words);
    else expect(message).toMatch(words);
  });

  it('is a map', () => {
    for (const text of ['', '[]', '7', 'a']) {
      expect(() => parseHybrid(text, 'x.yaml')).toThrow(
        'x.yaml:1:1: not a configuration of a hybrid fusion, expected a map with "sensors", "slow" and "event"',
      );
    }
  });

  it.each([
    [
      'event: { above: 39 }',
      'event: { above: 102.2 }',
      /^heat\.yaml:8:10: event\.above: out of range, expected between 20 and 45 C, as "probe" can mean, got 102\.2$/,
    ],
    [
      'mean: 37',
      'mean: 98.6',
      /^heat\.yaml:13:13: quantity\.mean: out of range, expected 20 to 45, as "probe" can mean, got 98\.6$/,
    ],
    [
      'sd: .5, rateSd',
      'sd: 50, rateSd',
      /^heat\.yaml:13:23: quantity\.sd: out of range, expected at most 25, the range of "probe", got 50$/,
    ],
    [
      'shift: 1.5',
      'shift: 1e300',
      /^heat\.yaml:12:13: evidence\.warmth\.shift: unusable, expected a number, -1e12 to 1e12, got 1e\+300$/,
    ],
    ['shift: 1.5', 'least: 1, shift: 1.5', /evidence\.warmth\.least: unusable, expected a number, 0 or less, got 1$/],
  ])('is refused where an alert could never be raised, or nothing could be reckoned: %s as %s', (from, to, message) => {
    expect(refusal(from, to)).toMatch(message);
  });

  it.each([
    [
      'every: 300 s',
      'every: 12 h',
      /^heat\.yaml:5:21: sensors\.probe\.every: gives a "silentAfter" that is never told, expected "silentAfter" below 24 h, got 172800 s$/,
    ],
    ['every: 300 s', 'every: 300 s, silentAfter: 24 h', /^heat\.yaml:5:35: sensors\.probe\.silentAfter: is never told/],
    [
      'every: 300 s',
      'every: 300 s, lateness: 48 h',
      /^heat\.yaml:5:35: sensors\.probe\.lateness: unusable, expected at most 24 h/,
    ],
    ['every: 300 s', 'every: 1e300', /^heat\.yaml:5:21: sensors\.probe\.every: unusable, expected a duration/],
    [
      'slow: probe',
      'tick: 0.1 ms\nslow: probe',
      /^heat\.yaml:7:1: tick: unusable, expected 10 ms to 1 h, got 0\.0001 s$/,
    ],
    ['slow: probe', 'tick: 2 h\nslow: probe', /^heat\.yaml:7:1: tick: unusable, expected 10 ms to 1 h/],
  ])('is refused where silence would never be told: %s as %s', (from, to, message) => {
    expect(refusal(from, to)).toMatch(message);
  });

  it.each([
    [', window: 2 min', '', /^heat\.yaml:10:3: features\.warmth\.window: missing, expected a duration$/],
    [', baseline: 1 h', '', /^heat\.yaml:10:3: features\.warmth\.baseline: missing, expected a duration$/],
    [
      'kind: deviation',
      'kind: mean',
      /^heat\.yaml:10:54: features\.warmth\.baseline: "mean" has no such option, expected sensor, window$/,
    ],
  ])('says where a feature lacks an option or has one too many: %s as "%s"', (from, to, message) => {
    expect(refusal(from, to)).toMatch(message);
  });

  it('is refused as bad input whatever is in it, never by a crash', () => {
    const lines = plain.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string(), fc.boolean(), (at, junk, isInstead) => {
        const text = lines.toSpliced(at, isInstead ? 1 : 0, junk).join('\n');
        try {
          parseHybrid(text, 'x.yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(filesIn('examples').filter((path) => path.endsWith('.yaml')))('%s', (path) => {
  it('is a configuration of at most 40 lines', () => {
    const text = read(path);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    expect(parseHybrid(text, path).evidence).not.toEqual([]);
  });
});
