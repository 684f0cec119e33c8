import { describe, expect, it } from 'vitest';
import { permutation, random } from '../../../src/array/random.ts';
import { correlation, dependence } from '../../../src/harmonize/relations/dependence.ts';
import { distortion } from '../../../src/harmonize/relations/distortion.ts';
import { distortionWords } from '../../../src/harmonize/relations/distortion-words.ts';
import { equalWidth, jointShares, mutualInformation } from '../../../src/harmonize/relations/joint-histogram.ts';
import { phantomSubject, tissueNames, zScoredSlices } from '../joint/phantom.ts';

const side = 48;

/** White noise blurred over 9 x 9 pixels: neighbours are alike. */
function texture(seed: number): Float64Array {
  const draw = random(seed);
  const white = Float64Array.from({ length: side * side }, () => draw.normal());
  return white.map((_, i) => {
    let sum = 20;
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) sum += white[(i + dy * side + dx + side * side) % (side * side)] / 9;
    }
    return sum;
  });
}

const one = (first: Float64Array, second: Float64Array, after: readonly Float64Array[], options = {}) =>
  distortion([{ name: 'p', scans: [{ values: [first, second], after }] }], options).subjects[0];

describe('mutual information of a joint histogram', () => {
  it('is about 0 of independent numbers, where uncorrected it is not', () => {
    const draw = random(3);
    const [a, b] = [0, 1].map(() => Float64Array.from({ length: 2000 }, () => draw.normal()));
    const shares = jointShares(equalWidth(a, 16), equalWidth(b, 16), 16);
    expect(Math.abs(mutualInformation(shares, 16, 2000))).toBeLessThan(0.02);
    expect(mutualInformation(shares, 16, Number.POSITIVE_INFINITY)).toBeGreaterThan(0.04);
  });

  it('is that of two normal variables, -log(1 - r²) / 2', () => {
    const draw = random(4);
    const a = Float64Array.from({ length: 200_000 }, () => draw.normal());
    const b = a.map((value) => 0.8 * value + 0.6 * draw.normal());
    const told = mutualInformation(jointShares(equalWidth(a, 48), equalWidth(b, 48), 48), 48, a.length);
    expect(told).toBeCloseTo(-Math.log(1 - 0.64) / 2, 1);
  });
});

describe('distortion', () => {
  it('tells nothing of a map that keeps ranks', () => {
    const [a, noise] = [texture(1), texture(2)];
    const b = a.map((value, i) => value + 0.5 * noise[i]);
    const told = one(a, b, [a.map((value) => value ** 3), b.map((value) => 5 - 2 / value)], { permutations: 20 });
    expect(told.copulaDistance).toBe(0);
    expect(told.rankCorrelation.after).toBeCloseTo(told.rankCorrelation.before, 12);
    expect(told.mutualInformation.p).toBeLessThan(0.05);
  });

  it('tells of a relation that is lost', () => {
    const [a, noise, other] = [texture(1), texture(2), texture(3)];
    const b = a.map((value, i) => value + 0.3 * noise[i]);
    const { copulaDistance, mutualInformation: information } = one(a, b, [a, other], { permutations: 20 });
    expect(copulaDistance).toBeGreaterThan(0.7);
    expect(information.after).toBeLessThan(0.5 * information.before);
    expect(information.p).toBeGreaterThan(0.05);
  });

  it('does not take the texture of unrelated images for a relation, as permuted voxels would', () => {
    const seeds = Array.from({ length: 40 }, (_, s) => s);
    const told = seeds.map((s) => {
      const [a, b] = [texture(100 + s), texture(200 + s)];
      return one(a, b, [a, b], { permutations: 39, bins: 16 }).mutualInformation;
    });
    // 5 % are expected; of 40, more than 6 once in a hundred times.
    expect(told.filter(({ p }) => p < 0.05).length).toBeLessThanOrEqual(6);
    const draw = random(9);
    const naive = seeds.filter((s) => {
      const [a, b] = [equalWidth(texture(100 + s), 16), equalWidth(texture(200 + s), 16)];
      const nulls = Array.from({ length: 19 }, () => {
        const mixed = Uint16Array.from(permutation(b.length, draw), (i) => b[i]);
        return mutualInformation(jointShares(a, mixed, 16), 16, a.length);
      });
      return told[s].after > Math.max(...nulls);
    });
    expect(naive.length).toBeGreaterThan(35);
  });

  it('finds that z-scored slices make soft tissue follow bone, and says so', () => {
    const subject = phantomSubject(5, { a: [1, 1], noise: 2 });
    const after = zScoredSlices(subject);
    const scans = subject.scans.map((scan, s) => ({ ...scan, after: after[s] }));
    const report = distortion([{ name: 'p5', site: 'A', scans }], { tissues: tissueNames, permutations: 20 });
    const found = report.subjects[0].composition.find(
      ({ modality, tissue, shareOf }) => modality === 0 && tissue === 'soft' && shareOf === 'bone',
    );
    expect(found?.after.r).toBeLessThan(-0.95);
    expect(found?.after.high).toBeLessThan(-0.8);
    expect(found?.after.p).toBeLessThan(0.12); // slices mirror each other about the middle: two turns in 28
    expect(report.sites).toMatchObject([{ site: 'A', subjects: 1 }]);
    const words = distortionWords(report);
    expect(words[0]).toMatch(/^p5: mutual information \d\.\d\d to \d\.\d\d nats, rank correlation /);
    expect(words.join('\n')).toMatch(/p5: modality 0: soft follows the share of bone \(r -0\.9\d, 95 % -/);
  });

  it('gives the same numbers each time, and correlations within each tissue', () => {
    const subject = phantomSubject(6, { a: [1, 1], noise: 2 }, 5);
    const scans = subject.scans.map((scan) => ({ ...scan, after: scan.values }));
    const told = () => distortion([{ name: 'p', scans }], { tissues: tissueNames, permutations: 10, seed: 4 });
    expect(told()).toEqual(told());
    const [{ withinTissue, copulaDistance }] = told().subjects;
    expect(copulaDistance).toBe(0);
    expect(withinTissue.map(({ tissue }) => tissue)).toEqual(tissueNames);
    for (const { before, after } of withinTissue) {
      expect(after).toBe(before);
      expect(Math.abs(before)).toBeLessThan(0.1); // the noise of two scanners has nothing in common
    }
  });

  it('refuses what it cannot use, by name', () => {
    const a = Float64Array.of(1, 2, 3, 4);
    const said = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing';
    };
    expect([
      said(() => one(a, a, [a, a], { modalities: [0, 2] })),
      said(() => one(a, a, [a, a], { bins: 1 })),
      said(() => one(a, a, [a, a], { permutations: 0 })),
      said(() => one(a, a, [a])),
      said(() => one(a, a, [a, Float64Array.of(1, Number.NaN, 3, 4)])),
    ]).toEqual([
      'distortion: modalities: unusable, expected two below 2, got 0 and 2',
      'distortion: bins: unusable, expected a whole number from 4 to 256, got 1',
      'distortion: permutations: unusable, expected a whole number from 1 to 100000, got 0',
      'distortion: p, scan 1: after: of another size, expected 2 modalities of 4 voxels, got 1 of 4',
      'distortion: p, scan 1: after, modality 1: not a number, expected numbers, got NaN at voxel 1',
    ]);
  });
});

describe('dependence over the scans of a subject', () => {
  it('is Pearson correlation with its interval by Fisher, and leaves out scans without a value', () => {
    const told = dependence([1, 2, Number.NaN, 4, 4, 6], [2, 1, 7, 4, 3, 5]);
    expect(told.scans).toBe(5);
    expect(told.r).toBeCloseTo(correlation([1, 2, 4, 4, 6], [2, 1, 4, 3, 5]), 12);
    expect(Math.atanh(told.high) - Math.atanh(told.low)).toBeCloseTo((2 * 1.959964) / Math.sqrt(2), 6);
  });

  it('does not hang on the unit of either', () => {
    const [a, b] = [Float64Array.of(7, 9, 8, 12), Float64Array.of(1, 3, 2, 2)];
    const inSquareMetres = correlation(
      a.map((value) => value * 1e-10),
      b,
    );
    expect(inSquareMetres).toBeCloseTo(correlation(a, b), 12);
    expect(correlation(new Float64Array(4).fill(0.1), b)).toBeNaN();
  });

  it('does not take two slow drifts over neighbouring slices for sure', () => {
    const slices = Array.from({ length: 20 }, (_, s) => s);
    const wave = (phase: number) => slices.map((s) => Math.sin((2 * Math.PI * s) / 20 + phase));
    const { r, p, high } = dependence(wave(0), wave(2.6));
    expect(r).toBeLessThan(-0.8);
    expect(high).toBeLessThan(-0.6); // Fisher's interval takes slices for independent
    expect(p).toBeGreaterThan(0.2);
  });

  it('knows nothing of what does not vary', () => {
    expect(dependence([1, 1, 1, 1], [1, 2, 3, 4])).toMatchObject({ r: Number.NaN, low: -1, high: 1, p: 1 });
  });
});
