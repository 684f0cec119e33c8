import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { type Block, cohort, withOnly } from '../../src/describe/cohort.ts';
import { strataOf, type TargetKind } from '../../src/describe/target.ts';
import { early } from '../../src/fuse/early.ts';
import { late } from '../../src/fuse/late.ts';
import { opinionIn } from '../../src/fuse/prediction.ts';
import { single } from '../../src/fuse/single.ts';
import { taskOf } from '../../src/fuse/task/tasks.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { openFusion } from '../../src/study/registry.ts';
import { modality, targetOf, world } from '../contract/cohorts.ts';

const kinds: readonly TargetKind[] = ['classes', 'survival', 'value'];

/** A modality in which nothing varies, so that there is no expert of it. */
function constant(subjects: number): Block {
  const values = matrix(subjects, 2, new Float32Array(2 * subjects).fill(3));
  const features = [0, 1].map((j) => ({ name: `c${j}`, scale: 'interval' as const }));
  const observed = new Uint8Array(2 * subjects).fill(1);
  return { modality: modality('dull', features), values, observed, present: new Uint8Array(subjects).fill(1) };
}

describe.each(kinds)('a fusion of %s without an expert', (kind) => {
  const made = world({ subjects: 40, clinical: false, features: [4] });
  const target = targetOf(made, kind);
  const x = cohort(made.x.subjects, [constant(40)]);
  const inner = stratifiedFolds(strataOf(target), { folds: 4, seed: 1 });

  it.each([
    ['single', single({ modality: 'dull' })],
    ['early', early()],
    ['late', late()],
  ] as const)('%s says what is usual in training, also after saving and opening', async (_, fusion) => {
    const fitted = await fusion.fit(x, target, { seed: 1, inner });
    const said = await fitted.apply(x);
    expect([...said.fromPrior].every((yes) => yes === 1)).toBe(true);
    const again = await openFusion(structuredClone(fitted.save())).apply(x);
    expect([...opinionIn(again).data]).toEqual([...opinionIn(said).data]);
  });
});

describe('subjects of whom nothing is known', () => {
  it('get sets and intervals that hold the truth as often as all others do', async () => {
    const made = world({ subjects: 300, seed: 4, signal: 2, clinical: false, absent: 0.4, features: [4] });
    for (const kind of ['classes', 'value'] as const) {
      const target = targetOf(made, kind);
      const inner = stratifiedFolds(strataOf(target), { folds: 5, seed: 1 });
      const fitted = await late().fit(made.x, target, { seed: 1, inner });
      const said = await fitted.apply(withOnly(made.x, []));
      let covered = 0;
      for (let i = 0; i < 300; i++) {
        if (said.kind === 'classes' && target.kind === 'classes') covered += said.sets[2 * i + target.labels[i]];
        if (said.kind === 'value' && target.kind === 'value') {
          covered += said.low[i] <= target.values[i] && target.values[i] <= said.high[i] ? 1 : 0;
        }
      }
      expect(covered / 300).toBeGreaterThan(0.88);
    }
  });
});

describe('the readout of survival', () => {
  const generator = random(9);
  const n = 200;
  const hazard = Float64Array.from({ length: n }, () => generator.normal());
  const timeDays = hazard.map((h) => (-100 * Math.log(1 - generator.uniform())) / Math.exp(h));
  const target = { kind: 'survival', name: 'death', timeDays, event: new Uint8Array(n).fill(1) } as const;
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const patterns = Array.from(rows, (i) => (i % 2 ? '["b"]' : '["a"]'));
  const names = ['a', 'b'];
  const x = cohort(
    Array.from(rows, (i) => `s${i + 1000}`),
    names.map((name, m) => {
      const present = Uint8Array.from(rows, (i) => (i % 2 === m ? 1 : 0));
      const features = [{ name: 'f', scale: 'interval' as const }];
      return {
        modality: modality(name, features),
        values: matrix(n, 1, new Float64Array(n)),
        observed: present,
        present,
      };
    }),
  );

  it('gives opinions of a set of modalities the weight that they have shown', () => {
    // Who has only b is spoken of by an expert that knows nothing, in a voice as loud as that of a.
    const said = hazard.map((h, i) => (i % 2 ? generator.normal() : h));
    const outOfFold = matrix(n, 1, said);
    const prediction = taskOf(target)
      .readout({ outOfFold, rows, patterns })
      .read(x, { modalities: names, opinions: outOfFold });
    if (prediction.kind !== 'survival') throw new Error('kind');
    const spread = (of: number) => {
      const own = prediction.risk.filter((_, i) => i % 2 === of);
      return Math.sqrt(own.reduce((sum, risk) => sum + risk ** 2, 0) / own.length);
    };
    expect(spread(0)).toBeGreaterThan(0.7);
    expect(spread(1)).toBeLessThan(0.3);
  });

  it('never turns risks upside down', () => {
    const outOfFold = matrix(
      n,
      1,
      hazard.map((h) => -h),
    );
    const prediction = taskOf(target)
      .readout({ outOfFold, rows, patterns })
      .read(x, { modalities: names, opinions: outOfFold });
    if (prediction.kind !== 'survival') throw new Error('kind');
    const times = prediction.timesDays.length;
    const order = [...rows].sort((a, b) => prediction.risk[a] - prediction.risk[b]);
    const [low, high] = [order[0], order[n - 1]];
    expect(prediction.survival.data[low * times + 5]).toBeGreaterThan(prediction.survival.data[high * times + 5]);
  });
});

it('telling probabilities anew is refused where there are none', async () => {
  const made = world({ subjects: 40 });
  await expect(late({ recalibrate: true }).fit(made.x, targetOf(made, 'value'), { seed: 1 })).rejects.toThrow(
    'recalibrate: means nothing to a target of kind value, expected a target of classes with it',
  );
});
