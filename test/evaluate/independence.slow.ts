/** Level and power of the tests of independence over many simulated cohorts; the numbers stand in docs/evaluate.md. */
import { describe, expect, test } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { fisherInterval } from '../../src/array/partial-correlation.ts';
import { random } from '../../src/array/random.ts';
import { joinIndependence, type PairIndependence } from '../../src/evaluate/independence.ts';
import { evidenceDependence } from '../../src/evaluate/independence-evidence.ts';
import { simulateInterplay } from '../../src/simulate/interplay.ts';
import { simulateMultiomics } from '../../src/simulate/multiomics.ts';
import { evidenceOf, expertsOf, foldsOf } from './independence-of.ts';

const seeds = (many: number) => Array.from({ length: many }, (_, i) => 1000 + i);
const xor = (seed: number) => simulateInterplay({ subjects: 200, seed });
const independent = (seed: number) => simulateInterplay({ subjects: 200, seed, interplay: 0, own: 1 });

/** Most rejections that a test of level 5 % makes in `many` cohorts, but for one chance in a thousand (normal bound). */
const atMost = (many: number) => Math.ceil(0.05 * many + 3.1 * Math.sqrt(0.05 * 0.95 * many));
/** And fewest. */
const atLeast = (many: number) => Math.floor(0.05 * many - 3.1 * Math.sqrt(0.05 * 0.95 * many));

function told(what: string, count: number, many: number): number {
  console.info(`${what}: ${count} of ${many}`);
  return count;
}

describe('the test of the evidence', () => {
  test('holds its level on 600 cohorts of independent experts', () => {
    const found = seeds(600).map((seed) => evidenceOf(independent(seed), seed)[0]);
    const dependent = told(
      'independent experts, evidence rejects',
      count(found, (one) => one.p <= 0.05),
      600,
    );
    const different = told(
      'independent experts, difference by class',
      count(found, (one) => (one.pDiffers ?? 1) <= 0.05),
      600,
    );
    for (const rejected of [dependent, different]) {
      expect(rejected).toBeLessThanOrEqual(atMost(600));
      expect(rejected).toBeGreaterThanOrEqual(atLeast(600));
    }
  });

  test('finds an exclusive or of two modalities in more than 95 % of 300 cohorts of 200 subjects', () => {
    const found = seeds(300).map((seed) => evidenceOf(xor(seed), seed)[0]);
    expect(
      told(
        'exclusive or, evidence rejects',
        count(found, (one) => one.p <= 0.05),
        300,
      ),
    ).toBeGreaterThan(285);
    expect(
      told(
        'exclusive or, difference by class',
        count(found, (one) => (one.pDiffers ?? 1) <= 0.05),
        300,
      ),
    ).toBeGreaterThan(285);
  });

  test('does not take a nuisance that all classes share for an interplay', () => {
    const options = { subjects: 200, modalities: 2, features: 50, shared: 0, informative: 0.2, loading: 1 };
    for (const classShares of [
      [0.5, 0.5],
      [0.8, 0.2],
    ]) {
      const found = seeds(300).map(
        (seed) => evidenceOf(simulateMultiomics({ ...options, classShares, seed }), seed)[0],
      );
      expect(
        told(
          `shared nuisance ${classShares}, evidence rejects`,
          count(found, (one) => one.p <= 0.05),
          300,
        ),
      ).toBeGreaterThan(285);
      const different = told(
        `shared nuisance ${classShares}, difference`,
        count(found, (one) => (one.pDiffers ?? 1) <= 0.05),
        300,
      );
      expect(different).toBeLessThanOrEqual(atMost(300));
    }
  });

  test('holds its level given a value', () => {
    const found = seeds(600).map((seed) => {
      const generator = random(seed);
      const value = Float64Array.from({ length: 100 }, () => generator.normal());
      const shows = () =>
        matrix(
          100,
          2,
          Float64Array.from({ length: 200 }, (_, at) => {
            const v = value[at >> 1];
            return (at % 2 ? v * v : v) + generator.normal();
          }),
        );
      const evidence = { names: ['a', 'b'], components: [shows(), shows()], present: new Uint8Array(200).fill(1) };
      const covariates = [value, value.map((v) => v * v)];
      return evidenceDependence({ ...evidence, strata: new Int32Array(100), covariates }, { seed })[0];
    });
    expect(
      told(
        'given a value, evidence rejects',
        count(found, (one) => one.p <= 0.05),
        600,
      ),
    ).toBeLessThanOrEqual(atMost(600));
  });
});

function count<T>(found: readonly (T | undefined)[], which: (one: T) => boolean): number {
  return found.filter((one) => one !== undefined && which(one)).length;
}

describe('the test of the experts', () => {
  const rejects = async (make: (seed: number) => Parameters<typeof expertsOf>[0], many: number) => {
    let rejected = 0;
    for (const seed of seeds(many)) {
      const [found] = await expertsOf(make(seed), seed);
      if (found && fisherInterval(found.correlation.z, found.correlation.degrees).p <= 0.05) rejected++;
    }
    return rejected;
  };

  test('holds its level, so that its interval covers 0, for independent experts, good or useless', async () => {
    const useless = (seed: number) =>
      simulateInterplay({ subjects: 93, features: 200, interplay: 0, loading: 0, seed });
    const good = told('independent experts, logits correlated', await rejects(independent, 400), 400);
    expect(good).toBeLessThanOrEqual(atMost(400));
    expect(told('useless experts, logits correlated', await rejects(useless, 400), 400)).toBeLessThanOrEqual(
      atMost(400),
    );
  });

  test('is blind to an exclusive or', async () => {
    expect(told('exclusive or, logits correlated', await rejects(xor, 300), 300)).toBeLessThanOrEqual(atMost(300));
  });
});

describe('joined over five outer folds', () => {
  const findings = async (make: typeof xor, many: number) => {
    const found: PairIndependence['found'][] = [];
    for (const seed of seeds(many)) found.push(joinIndependence(['a', 'b'], await foldsOf(make(seed), seed))[0].found);
    return found;
  };

  test('an exclusive or is called an interplay in more than 95 % of 150 cohorts, its experts independent', async () => {
    const found = await findings(xor, 150);
    const seen = found.filter(({ evidence }) => evidence === 'interplay').length;
    expect(told('exclusive or, joined: interplay', seen, 150)).toBeGreaterThan(142);
    const experts = found.filter(({ experts: one }) => one !== 'none-seen').length;
    expect(told('exclusive or, joined: experts dependent', experts, 150)).toBeLessThanOrEqual(atMost(150));
  });

  test('independent experts are called dependent in no more than 5 %', async () => {
    const found = await findings(independent, 150);
    const evidence = found.filter((one) => one.evidence !== 'none-seen').length;
    const experts = found.filter((one) => one.experts !== 'none-seen').length;
    expect(told('independent experts, joined: evidence dependent', evidence, 150)).toBeLessThanOrEqual(atMost(150));
    expect(told('independent experts, joined: experts dependent', experts, 150)).toBeLessThanOrEqual(atMost(150));
  });
});
