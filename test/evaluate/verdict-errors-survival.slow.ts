/**
 * How often the verdict on survival errs: cohorts of 100 subjects, half of them censored, with two modalities of ten
 * features, compared on 5 x 5 folds by Harrell's C. See verdict-errors.slow.ts; the numbers stand in docs/evaluate.md.
 */
import { describe, expect, test } from 'vitest';
import { simulateFollowUp } from '../../src/simulate/follow-up.ts';
import { simulateMultiomics } from '../../src/simulate/multiomics.ts';
import {
  atLeast,
  atMost,
  count,
  covering,
  meanOf,
  type RepeatedStudies,
  repeatStudies,
  tell,
  type World,
} from './repeated-studies.ts';

const cohorts = 150;
const sizes = { subjects: 100, cohorts, test: 20_000, seed: 1000 };
const fusions = ['early', 'late:mean', 'late:weighted'];
const minutes = 60_000;

/** The log hazard is a weighted sum of the state that only the first modality shows and that of the second. */
function world(first: number, second: number): World {
  const subjects = cohorts * sizes.subjects + sizes.test;
  const made = simulateMultiomics({
    subjects,
    modalities: 2,
    features: 10,
    informative: 0.5,
    loading: 1,
    shared: 0,
    own: 0,
    seed: 77,
  });
  const [a, b] = made.truth.own.map(({ data }) => data);
  const logHazard = a.map((state, i) => first * state + second * b[i]);
  return { cohort: made.cohort, target: simulateFollowUp({ logHazard, censored: 0.5, seed: 5 }) };
}

describe('where no modality tells of survival', () => {
  let done: Promise<RepeatedStudies> | undefined;
  const studies = () => (done ??= repeatStudies(world(0, 0), sizes));

  test(
    'fusion is said to help in no more than 5 % of 150 cohorts, and C is .50 on average',
    async () => {
      const { finding, strategies } = await studies();
      const helps = tell(
        'survival, all noise, verdict helps',
        count(finding, (one) => one === 'helps'),
      );
      expect(helps.found).toBeLessThanOrEqual(atMost(0.05, cohorts));
      for (const [name, { estimates }] of strategies) {
        const { value, standardError } = meanOf(estimates.map((one) => one.value as number));
        console.info(`survival, all noise, ${name}: mean C ${value.toFixed(4)}, se ${standardError.toFixed(4)}`);
        expect(Math.abs(value - 0.5)).toBeLessThan(3.5 * standardError);
      }
    },
    20 * minutes,
  );

  test(
    'intervals of the difference hold 0; those of C are somewhat too short, as with classes',
    async () => {
      for (const [name, { estimates, paired }] of (await studies()).strategies) {
        const held = tell(`survival, all noise, C of ${name}`, covering(estimates, 0.5));
        expect(held.found).toBeGreaterThanOrEqual(atLeast(0.88, held.of));
        if (paired.length === 0) continue;
        const difference = tell(`survival, all noise, difference of ${name}`, covering(paired, 0));
        expect(difference.found).toBeGreaterThanOrEqual(atLeast(0.95, difference.of));
      }
    },
    20 * minutes,
  );
});

describe('where one modality tells of survival and the other is noise', () => {
  let done: Promise<RepeatedStudies> | undefined;
  const studies = () => (done ??= repeatStudies(world(1, 0), sizes));

  test(
    'no fusion is truly better, and none is said to help in more than 5 % of 150 cohorts',
    async () => {
      const { finding, strategies } = await studies();
      for (const name of fusions) {
        const { value, standardError } = strategies.get(name)?.trueDifference ?? { value: 1, standardError: 0 };
        console.info(
          `survival, one modality, ${name}: true difference ${value.toFixed(4)}, se ${standardError.toFixed(4)}`,
        );
        expect(value).toBeLessThan(2 * standardError);
      }
      const helps = tell(
        'survival, one modality, verdict helps',
        count(finding, (one) => one === 'helps'),
      );
      expect(helps.found).toBeLessThanOrEqual(atMost(0.05, cohorts));
    },
    20 * minutes,
  );

  test(
    'intervals hold the true difference in at least 92 %',
    async () => {
      for (const [name, { estimates, truth, paired, trueDifference }] of (await studies()).strategies) {
        tell(`survival, one modality, C of ${name}`, covering(estimates, truth.value));
        if (paired.length === 0) continue;
        const held = tell(`survival, one modality, difference of ${name}`, covering(paired, trueDifference.value));
        expect(held.found).toBeGreaterThanOrEqual(atLeast(0.92, held.of));
      }
    },
    20 * minutes,
  );
});

describe('where both modalities tell of survival', () => {
  let done: Promise<RepeatedStudies> | undefined;
  const studies = () => (done ??= repeatStudies(world(0.8, 0.8), sizes));

  test(
    'fusion truly helps and is never said to harm; intervals hold the true difference, and C, in at least 92 %',
    async () => {
      const { finding, strategies } = await studies();
      tell(
        'survival, both modalities, verdict helps',
        count(finding, (one) => one === 'helps'),
      );
      expect(finding).not.toContain('harms');
      for (const name of fusions) expect(strategies.get(name)?.trueDifference.value).toBeGreaterThan(0.02);
      for (const [name, { estimates, truth, paired, trueDifference }] of strategies) {
        const held = tell(`survival, both modalities, C of ${name}`, covering(estimates, truth.value));
        expect(held.found).toBeGreaterThanOrEqual(atLeast(0.92, held.of));
        if (paired.length === 0) continue;
        const difference = tell(`survival, both, difference of ${name}`, covering(paired, trueDifference.value));
        expect(difference.found).toBeGreaterThanOrEqual(atLeast(0.92, difference.of));
      }
    },
    20 * minutes,
  );
});
