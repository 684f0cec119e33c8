import { describe, expect, it } from 'vitest';
import { nest, type Saved } from '../../../../src/estimator.ts';
import { parseHybrid } from '../../../../src/fuse/hybrid/config/config.ts';
import { parseFitted, writeFitted } from '../../../../src/fuse/hybrid/config/fitted.ts';
import { configuredHybrid } from '../../../../src/fuse/hybrid/config/model.ts';
import { handScoring } from '../../../../src/fuse/hybrid/config/scoring.ts';
import type { Scoring } from '../../../../src/fuse/hybrid/scoring.ts';

const text = (evidence: string, more = '') => `kind: hybrid-fusion
version: 1
name: heat
sensors:
  probe: { unit: C, every: 300 s, low: 20, high: 45 }
  skin: { unit: C, every: 1, low: 0, high: 60 }
slow: probe
event: { above: 39 }
features:
  warmth: { sensor: skin, kind: mean, window: 2 min }
  flicker: { sensor: skin, kind: variability, window: 2 min }
evidence: ${evidence}
evidenceTime: 15 s
quantity: { mean: 38, sd: 1, rateSd: .02, rateTime: 30 min, noise: .1 }
alerts: { raise: .5 }
${more}`;

const scoringOf = (evidence: string, more = '') => handScoring(parseHybrid(text(evidence, more), 'heat.yaml'));

/** The first word, of features that are all heard. */
function word(scoring: Scoring, values: readonly number[], heard = values.map(() => 1)) {
  const state = new Float64Array(scoring.length);
  scoring.init(state);
  return scoring.tick(state, 0, Float32Array.from(values), Uint8Array.from(heard), 0);
}

describe('evidence by hand', () => {
  const one = scoringOf('{ warmth: { usual: 30, shift: 2, sd: 1, least: -1, most: 2 } }');
  const none = word(scoringOf('{}', 'strategy: filter'), []);

  it('says nothing half way between both means, and nothing where it is not heard', () => {
    expect(word(one, [31])).toBeCloseTo(none, 6);
    expect(word(one, [35], [0])).toBe(none);
  });

  it('raises the log-odds by half to all of what the ratio of densities says, as one normal stands for two halves', () => {
    // Mean 38, threshold 39, both densities of sd 1 and 2 apart: log ratio 2 (x - 31).
    const wide = scoringOf('{ warmth: { usual: 30, shift: 2, sd: 1, most: 1 } }');
    expect(word(wide, [31.25]) - none).toBeGreaterThan(0.25);
    expect(word(wide, [31.25]) - none).toBeLessThan(0.5);
  });

  it('is held to its bounds, for and against', () => {
    expect(word(one, [32])).toBeCloseTo(word(one, [60]), 6);
    expect(word(one, [31.9])).toBeLessThan(word(one, [32]) - 1e-3);
    expect(word(one, [30.5])).toBeCloseTo(word(one, [0]), 6);
    expect(word(one, [30.6])).toBeGreaterThan(word(one, [30.5]) + 1e-3);
  });

  it('that a feature falls in the event counts the other way', () => {
    const falls = scoringOf('{ warmth: { usual: 30, shift: -2, sd: 1, least: -1, most: 2 } }');
    expect(word(falls, [28])).toBeCloseTo(word(one, [32]), 6);
    expect(word(falls, [60])).toBeCloseTo(word(one, [0]), 6);
  });

  it('of several features adds up, each within its own bounds', () => {
    const both = scoringOf(
      '{ warmth: { usual: 30, shift: 2, sd: 1, least: 0, most: 1 }, flicker: { shift: 1, sd: 1, least: 0, most: 1 } }',
    );
    expect(both.features).toEqual(['warmth', 'flicker']);
    expect(word(both, [0, -9])).toBeCloseTo(none, 6);
    expect(word(both, [60, 9])).toBeGreaterThan(word(both, [60, -9]) + 0.3);
    expect(word(both, [60, -9])).toBeGreaterThan(none + 0.3);
  });

  it('of no shift is no evidence', () => {
    expect(scoringOf('{ warmth: { shift: 0, sd: 1 } }').features).toEqual([]);
  });
});

const withoutAlerts = (given: ReturnType<typeof parseHybrid>) => {
  const { alerts: _, ...rest } = given;
  return rest;
};

describe('a fitted strategy', () => {
  const saved = scoringOf('{}', 'strategy: filter').save();
  const config = (strategy: string) =>
    parseHybrid(
      text('{}')
        .replace(/evidence: .*\n/, '')
        .replace(/quantity: .*\n/, `fitted: heat.json\nstrategy: ${strategy}\n`),
      'heat.yaml',
    );

  it('comes back from its file as it was', () => {
    const withBlobs: Saved = { ...saved, blobs: { weights: Uint8Array.of(0, 7, 255) } };
    expect(parseFitted(writeFitted(withBlobs), 'heat.json')).toEqual(withBlobs);
    expect(word(configuredHybrid(config('filter'), parseFitted(writeFitted(saved), 'x')).scoring, [])).toBe(
      word(scoringOf('{}', 'strategy: filter'), []),
    );
  });

  it.each(['', '[]', '7', 'null', '{"kind":"model","version":1,"state":{}}', '{"kind":"scoring.slow","version":1}'])(
    'is refused where it is none: %s',
    (file) => {
      expect(() => parseFitted(file, 'heat.json')).toThrow(
        'heat.json: not a fitted strategy, expected JSON with "kind", "version" and "state", as writeFitted makes it',
      );
    },
  );

  it('may be a whole fusion over time, whose alerts are those of training unless the configuration says others', () => {
    const blobs = {};
    const state = { scoring: nest(saved, 'scoring', blobs), alerts: { raise: -1.5 }, prior: 0.1 };
    const fusion = parseFitted(writeFitted({ kind: 'over-time', version: 1, state, blobs }), 'heat.json');
    expect(configuredHybrid(config('filter'), fusion).alerts).toMatchObject({ raise: 0 });
    expect(configuredHybrid(withoutAlerts(config('filter')), fusion).alerts).toMatchObject({ raise: -1.5 });
    expect(() => configuredHybrid(withoutAlerts(config('filter')), saved)).toThrow(
      'heat: heat.json says no alerts, expected "alerts" in the configuration',
    );
  });

  it('must answer the question that is asked', () => {
    const other = { ...config('filter'), question: { ...config('filter').question, threshold: 38 } };
    expect(() => configuredHybrid(other, saved)).toThrow(/^heat: heat\.json was fitted for another question, expected/);
  });

  it('is needed where it is named, and must be the one that is named', () => {
    expect(() => configuredHybrid(config('filter'))).toThrow(
      'heat: the fitted strategy is not given, expected what heat.json holds',
    );
    expect(() => configuredHybrid(config('slow'), saved)).toThrow(
      'heat: heat.json holds another strategy, expected "slow", got "filter"',
    );
  });
});
