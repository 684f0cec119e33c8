import { describe, expect, test } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { joinIndependence, twiceMedian } from '../../src/evaluate/independence.ts';
import {
  type EvidenceDependence,
  evidenceComponents,
  evidenceDependence,
  pairsOf,
} from '../../src/evaluate/independence-evidence.ts';
import {
  crossedStrata,
  type ExpertDependence,
  expertDependence,
  logitScores,
} from '../../src/evaluate/independence-experts.ts';
import { simulateInterplay } from '../../src/simulate/interplay.ts';
import { simulateMultiomics } from '../../src/simulate/multiomics.ts';
import { evidenceOf, expertsOf, foldsOf } from './independence-of.ts';

const xor = (seed: number) => simulateInterplay({ subjects: 200, seed });
const independent = (seed: number) => simulateInterplay({ subjects: 200, seed, interplay: 0, own: 1 });
const seeds = (many: number) => Array.from({ length: many }, (_, i) => i + 1);
const rejections = (p: readonly (number | undefined)[]) => p.filter((one) => one !== undefined && one <= 0.05).length;

describe('the test of the evidence', () => {
  test('rejects independence under an exclusive or of two modalities, and sees that it differs by class', () => {
    const found = seeds(10).map((seed) => evidenceOf(xor(seed), seed)[0]);
    expect(rejections(found.map((one) => one?.p))).toBeGreaterThanOrEqual(9);
    expect(rejections(found.map((one) => one?.pDiffers))).toBeGreaterThanOrEqual(9);
  });

  test('holds its level where modalities are independent given the class, though both tell of it', () => {
    const found = seeds(40).map((seed) => evidenceOf(independent(seed), seed)[0]);
    expect(rejections(found.map((one) => one?.p))).toBeLessThanOrEqual(6); // more has chance .002 at 5 %
    expect(rejections(found.map((one) => one?.pDiffers))).toBeLessThanOrEqual(6);
  });

  test('tells a nuisance that both modalities share, alike in all classes, from an interplay', () => {
    const found = seeds(12).map((seed) => {
      const made = simulateMultiomics({
        subjects: 200,
        modalities: 2,
        features: 50,
        shared: 0, // the state that both show has noise, but tells nothing of the class
        informative: 0.2,
        loading: 1,
        seed,
      });
      return evidenceOf(made, seed)[0];
    });
    expect(rejections(found.map((one) => one?.p))).toBe(12);
    expect(rejections(found.map((one) => one?.pDiffers))).toBeLessThanOrEqual(3);
  });

  const plain = (seed: number, n = 60) => {
    const generator = random(seed);
    const draw = () =>
      matrix(
        n,
        2,
        Float64Array.from({ length: 2 * n }, () => generator.normal()),
      );
    return {
      names: ['a', 'b', 'c'],
      components: [draw(), draw(), draw()],
      present: new Uint8Array(3 * n).fill(1),
      strata: Int32Array.from({ length: n }, (_, i) => i % 3),
    };
  };

  test('has the same p for the same seed, and draws for each pair on its own', () => {
    const evidence = plain(1);
    const found = evidenceDependence(evidence, { seed: 3 });
    expect(evidenceDependence(evidence, { seed: 3 })).toEqual(found);
    expect(found.map((one) => one?.pair)).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
    const two = { ...evidence, names: ['a', 'b'], components: evidence.components.slice(0, 2) };
    const alone = evidenceDependence({ ...two, present: new Uint8Array(120).fill(1) }, { seed: 3, permutations: 299 });
    expect(alone[0]).toEqual(found[0]); // three pairs: 299 permutations by default
  });

  test('uses the subjects who have both modalities, and no more than asked for', () => {
    const evidence = plain(2);
    for (let i = 0; i < 12; i++) evidence.present[3 * i + 1] = 0;
    const poisoned = evidence.components.map((x) =>
      matrix(
        60,
        2,
        x.data.map((v, at) => (at < 24 ? 1e6 : v)),
      ),
    );
    const [ab, ac] = evidenceDependence(evidence, { seed: 1 });
    expect([ab?.n, ac?.n]).toEqual([48, 60]);
    expect(evidenceDependence({ ...evidence, components: poisoned }, { seed: 1 })[0]).toEqual(ab);
    expect(evidenceDependence(evidence, { seed: 1, mostSubjects: 30 })[1]?.n).toBe(30);
  });

  test('takes up to five components of the subjects who have a modality, whatever stands in the others', () => {
    const { values } = xor(3).cohort.blocks[0];
    const present = Uint8Array.from({ length: 200 }, (_, i) => (i < 50 ? 0 : 1));
    const components = evidenceComponents(values, present, 1);
    expect(components.shape).toEqual([200, 5]);
    const poisoned = matrix(
      200,
      50,
      values.data.map((value, at) => (at < 50 * 50 ? 1e6 : value)),
    );
    expect(evidenceComponents(poisoned, present, 1).data.subarray(50 * 5)).toEqual(components.data.subarray(50 * 5));
  });

  test('leaves out classes of fewer than four, and does not test a pair that cannot be', () => {
    const evidence = plain(3, 20);
    evidence.strata.fill(0).fill(1, 0, 3);
    const found = evidenceDependence(evidence, { seed: 1 });
    expect(found[0]?.n).toBe(17);
    expect(found[0]?.pDiffers).toBeUndefined();
    const still = matrix(20, 2, new Float64Array(40).fill(7));
    const none = evidenceDependence({ ...evidence, components: [still, ...evidence.components.slice(1)] }, { seed: 1 });
    expect(none.map((one) => one !== undefined)).toEqual([false, false, true]);
    const alone = { ...evidence, strata: Int32Array.from({ length: 20 }, (_, i) => i) };
    expect(evidenceDependence(alone, { seed: 1 })).toEqual([undefined, undefined, undefined]);
  });

  test('takes a value off both sides: experts of a value are independent given it', () => {
    const p = seeds(30).map((seed) => {
      const generator = random(seed);
      const value = Float64Array.from({ length: 80 }, () => generator.normal());
      const shows = () =>
        matrix(
          80,
          1,
          value.map((v) => v + 0.5 * v * v + generator.normal()),
        );
      const evidence = {
        names: ['a', 'b'],
        components: [shows(), shows()],
        present: new Uint8Array(160).fill(1),
        strata: new Int32Array(80),
      };
      const covariates = [value, value.map((v) => v * v)];
      return [evidenceDependence(evidence, { seed }), evidenceDependence({ ...evidence, covariates }, { seed })];
    });
    expect(rejections(p.map(([ignored]) => ignored[0]?.p))).toBeGreaterThanOrEqual(27);
    expect(rejections(p.map(([, held]) => held[0]?.p))).toBeLessThanOrEqual(5);
  });
});

describe('the test of the experts', () => {
  test('does not notice an exclusive or, and does notice a state that both modalities show', async () => {
    const degreesOf = async (made: Parameters<typeof expertsOf>[0], seed: number) => {
      const [found] = await expertsOf(made, seed);
      if (!found) throw new Error('not tested');
      return Math.abs(found.correlation.z) * Math.sqrt(found.correlation.degrees);
    };
    let seen = 0;
    for (const seed of seeds(8)) if ((await degreesOf(xor(seed), seed)) > 1.96) seen++;
    expect(seen).toBeLessThanOrEqual(2);
    const options = { subjects: 200, modalities: 2, features: 50, informative: 0.2, loading: 1 };
    expect(await degreesOf(simulateMultiomics({ ...options, seed: 1 }), 1)).toBeGreaterThan(4);
  });

  test('is not taken in by experts who know nothing and repeat the class shares of their inner folds', async () => {
    const options = { subjects: 93, features: 200, interplay: 0, loading: 0 };
    const p = async (fixed: 'class' | 'class and fold') => {
      let seen = 0;
      for (const seed of seeds(25)) {
        const [found] = await expertsOf(simulateInterplay({ ...options, seed }), seed, { fixed });
        if (found && Math.abs(found.correlation.z) * Math.sqrt(found.correlation.degrees) > 1.96) seen++;
      }
      return seen;
    };
    expect(await p('class')).toBeGreaterThanOrEqual(5); // the trap is real
    expect(await p('class and fold')).toBeLessThanOrEqual(4);
  });

  const generator = random(11);
  const normal = (n: number) => Float64Array.from({ length: n }, () => generator.normal());
  const [common, a, b, c] = [normal(400), normal(400), normal(400), normal(400)];
  const strata = Int32Array.from({ length: 400 }, (_, i) => i % 2);
  const score = (noise: Float64Array, weight: number) =>
    matrix(
      400,
      1,
      noise.map((value, i) => value + weight * common[i] + 5 * strata[i]),
    );
  const scores = [
    score(a, 1),
    score(b, 1),
    matrix(
      400,
      1,
      common.map((value, i) => value + 0.1 * c[i]),
    ),
  ];
  const whole = { names: ['a', 'b', 'c'], scores, present: new Uint8Array(1200).fill(1), strata };

  test('takes off what the class tells, and in the partial correlation what the other experts say', () => {
    const [ab, ac] = expertDependence(whole);
    expect(ab?.correlation).toMatchObject({ n: 400, degrees: 400 - 1 - 3 });
    expect(Math.tanh(ab?.correlation.z as number)).toBeCloseTo(0.5, 1);
    expect(ab?.partial).toMatchObject({ n: 400, degrees: 400 - 1 - 1 - 3 });
    expect(Math.abs(ab?.partial?.z as number)).toBeLessThan(0.15);
    expect(ac?.partial?.z).toBeGreaterThan(0.4);
  });

  test('of two experts only, the partial correlation is the correlation', () => {
    const two = { names: ['a', 'b'], scores: scores.slice(0, 2), present: new Uint8Array(800).fill(1), strata };
    const [ab] = expertDependence(two);
    expect(ab?.partial).toEqual(ab?.correlation);
  });

  test('uses subjects who have both modalities, and for the partial correlation all of them', () => {
    const present = new Uint8Array(1200).fill(1);
    for (let i = 0; i < 100; i++) present[3 * i + 2] = 0;
    const [ab, ac] = expertDependence({ ...whole, present });
    expect([ab?.correlation.n, ab?.partial?.n, ac?.correlation.n]).toEqual([400, 300, 300]);
    const nobody = new Uint8Array(1200).fill(1);
    for (let i = 0; i < 400; i++) nobody[3 * i + 2] = 0;
    const found = expertDependence({ ...whole, present: nobody });
    expect(found[0]?.partial).toBeUndefined();
    expect(found.slice(1)).toEqual([undefined, undefined]);
  });

  test('does not test an expert that says the same of everybody in a class', () => {
    const flat = matrix(
      400,
      1,
      Float64Array.from(strata, (s) => 0.3 + s),
    );
    expect(expertDependence({ ...whole, scores: [flat, ...scores.slice(1)] })[0]).toBeUndefined();
  });

  test('means Fisher’s z over outputs and keeps the variance of one', () => {
    const beside = (x: Float64Array, y: Float64Array) =>
      matrix(
        400,
        2,
        Float64Array.from({ length: 800 }, (_, at) => (at % 2 ? y : x)[Math.floor(at / 2)]),
      );
    const wide = { names: ['a', 'b'], present: new Uint8Array(800).fill(1), strata };
    const of = (x: Float64Array, y: Float64Array) =>
      expertDependence({ ...wide, scores: [matrix(400, 1, x), matrix(400, 1, y)] })[0]?.correlation;
    const both = expertDependence({ ...wide, scores: [beside(a, common), beside(b, c)] })[0]?.correlation;
    expect(both?.z).toBeCloseTo(((of(a, b)?.z as number) + (of(common, c)?.z as number)) / 2, 12);
    expect(both?.degrees).toBe(of(a, b)?.degrees);
  });

  test('makes logits of the event of two classes, of each class against the rest of three, clipped', () => {
    const two = logitScores(matrix(3, 2, Float64Array.of(0.5, 0.5, 0.2, 0.8, 1, 0)));
    expect(two.shape).toEqual([3, 1]);
    expect([...two.data].map((x) => x.toFixed(6))).toEqual(['0.000000', Math.log(4).toFixed(6), '-8.000000']);
    const three = logitScores(matrix(1, 3, Float64Array.of(0.2, 0.3, 0.5)));
    expect(three.shape).toEqual([1, 3]);
    expect(three.data[2]).toBeCloseTo(0, 12);
    expect(three.data[0]).toBeCloseTo(-Math.log(4), 12);
  });

  test('crosses classes with inner folds', () => {
    expect([...crossedStrata([0, 0, 1, 1, 0], [2, 0, 2, 2, 2])]).toEqual([0, 1, 2, 2, 0]);
  });
});

describe('independence joined over folds', () => {
  const expert = (z: number, n = 100): ExpertDependence => ({
    pair: ['a', 'b'],
    correlation: { z, n, degrees: n - 4 },
    partial: { z: z / 2, n, degrees: n - 4 },
  });
  const evidence = (p: number, pDiffers: number | undefined = 1): EvidenceDependence => ({
    pair: ['a', 'b'],
    n: 100,
    distanceCorrelation: p / 10,
    p,
    pDiffers,
  });

  test('averages Fisher’s z with the variance of one fold, however many there are', () => {
    const fold = { experts: [expert(0.15)], evidence: [evidence(0.5)] };
    const [once] = joinIndependence(['a', 'b'], [fold]);
    const [often] = joinIndependence(
      ['a', 'b'],
      Array.from({ length: 25 }, () => fold),
    );
    expect(once.experts?.folds).toBe(1);
    expect(often.experts?.folds).toBe(25);
    expect(often.experts?.low).toBeCloseTo(once.experts?.low as number, 12);
    expect(often.experts?.p).toBeCloseTo(once.experts?.p as number, 12);
    expect(often.experts?.n).toBe(100);
    expect(often.partial?.value).toBeCloseTo(Math.tanh(0.075), 12);
  });

  test('takes twice the median of p-values, never above 1, and of one fold the p itself', () => {
    expect(twiceMedian([0.9, 0.01, 0.02])).toBe(0.04);
    expect(twiceMedian([0.9, 0.01, 0.02, 0.3])).toBe(0.04);
    expect(twiceMedian([0.6, 0.7, 0.8])).toBe(1);
    const of = (p: readonly number[]) =>
      joinIndependence(
        ['a', 'b'],
        p.map((one) => ({ experts: [undefined], evidence: [evidence(one)] })),
      )[0].evidence?.p;
    expect(of([0.03])).toBe(0.03);
    expect(of([0.03, 0.01, 0.5])).toBe(0.06);
  });

  test('adjusts over pairs by Holm, experts and evidence apart, and skips what no fold could test', () => {
    const fold = {
      experts: [expert(0.21), expert(0), undefined],
      evidence: [evidence(0.02), undefined, evidence(0.5)],
    };
    const [ab, ac, bc] = joinIndependence(['a', 'b', 'c'], [fold]);
    expect(ab.experts?.pHolm).toBeCloseTo(2 * (ab.experts?.p as number), 12);
    expect(ab.evidence?.pHolm).toBe(0.04);
    expect(ac.evidence).toBeNull();
    expect(bc.experts).toBeNull();
    expect(bc.partial).toBeNull();
    expect([ab, ac, bc].map(({ pair }) => pair.join())).toEqual(['a,b', 'a,c', 'b,c']);
    expect(pairsOf(3)).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
  });

  test('names what was found', () => {
    const found = (z: number | undefined, p?: number, pDiffers?: number) =>
      joinIndependence(
        ['a', 'b'],
        [{ experts: [z === undefined ? z : expert(z)], evidence: [p === undefined ? p : evidence(p, pDiffers)] }],
      )[0].found;
    expect(found(0.5, 0.5)).toEqual({ experts: 'redundant', evidence: 'none-seen' });
    expect(found(-0.5, 0.01, 0.4)).toEqual({ experts: 'opposed', evidence: 'shared' });
    expect(found(0.01, 0.01, 0.01)).toEqual({ experts: 'none-seen', evidence: 'interplay' });
    expect(found(0.01, 0.3, 0.01)).toEqual({ experts: 'none-seen', evidence: 'none-seen' });
    expect(found(undefined, undefined)).toEqual({ experts: 'not-tested', evidence: 'not-tested' });
    const value = { ...evidence(0.01), pDiffers: undefined };
    expect(joinIndependence(['a', 'b'], [{ experts: [undefined], evidence: [value] }])[0].found.evidence).toBe(
      'shared',
    );
  });

  test('finds interplay and nothing between the experts in an exclusive or, and nothing where all is independent', async () => {
    const [interplay] = joinIndependence(['omics1', 'omics2'], await foldsOf(xor(2), 2));
    expect(interplay.found).toEqual({ experts: 'none-seen', evidence: 'interplay' });
    const [none] = joinIndependence(['omics1', 'omics2'], await foldsOf(independent(2), 2));
    expect(none.found).toEqual({ experts: 'none-seen', evidence: 'none-seen' });
  });
});
