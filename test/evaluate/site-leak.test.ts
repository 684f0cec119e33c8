/** Steps that adjust for sites learn from training subjects alone; `own` also looks at test subjects, never at their labels. */
import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { type Cohort, cohort } from '../../src/describe/cohort.ts';
import { evaluateFold, type Strategy } from '../../src/evaluate/fold.ts';
import { planFolds } from '../../src/evaluate/protocol.ts';
import type { Fusion } from '../../src/fuse/prediction.ts';
import { single } from '../../src/fuse/single.ts';
import type { Step } from '../../src/harmonize/prepare.ts';
import { flat } from '../contract/check-fusion.ts';
import { type World, world } from '../contract/cohorts.ts';

const steps: { readonly [name: string]: readonly Step[] } = {
  'combat, new sites pooled': [{ kind: 'combat', options: { unseen: 'pooled' } }, { kind: 'standardize' }],
  'combat, new sites by their own': [{ kind: 'combat', options: { unseen: 'own' } }, { kind: 'standardize' }],
  'standardize within site': [{ kind: 'standardize', options: { within: 'site' } }],
};

/** Four sites of 15 subjects, each with both classes. */
function sited(): World & { readonly sites: string[] } {
  const { x, target } = world({ subjects: 60, absent: 0, clinical: false });
  const sites = x.subjects.map((_, i) => `site ${(i >> 1) % 4}`);
  return { x: cohort(x.subjects, x.blocks, sites), target, sites };
}

interface Told {
  readonly learned: string[];
  readonly said: Float64Array;
}

/** Fits on all sites but the first and tells the first; other values and labels of test subjects where asked. */
async function told(prepare: readonly Step[], poison: { values?: boolean; labels?: boolean } = {}): Promise<Told> {
  const { x, target, sites } = sited();
  const fold = planFolds(target, { kind: 'leave-one-group-out' }, { seed: 7, inner: 3, groups: sites })[0];
  const learned: string[] = [];
  const honest = single({ modality: 'assay1', prepare: { assay1: prepare } });
  const fusion: Fusion = {
    spec: honest.spec,
    async fit(training, of, run) {
      const fitted = await honest.fit(training, of, run);
      learned.push(flat(fitted.save()));
      return fitted;
    },
  };
  const strategy: Strategy = { name: 'watched', role: 'fusion', fusion };
  const labels = target.labels.slice();
  if (poison.labels) for (const row of fold.test) labels[row] = 1 - labels[row];
  const given = poison.values ? poisoned(x, fold.test) : x;
  const outcome = await evaluateFold(given, { ...target, labels }, fold, [strategy], []);
  return { learned, said: outcome.strategies[0].said };
}

function poisoned(x: Cohort, test: Int32Array): Cohort {
  const draw = random(666);
  const blocks = x.blocks.map((block) => {
    const data = block.values.data.slice();
    const width = block.values.shape[1];
    for (const row of test) for (let j = 0; j < width; j++) data[row * width + j] = 1e6 * draw.uniform();
    return { ...block, values: { shape: block.values.shape, data } };
  });
  return { subjects: x.subjects, blocks };
}

describe.each(Object.entries(steps))('%s', (_, prepare) => {
  it('learns the same bytes whatever stands in the site that is tested', async () => {
    const clean = await told(prepare);
    const after = await told(prepare, { values: true, labels: true });
    expect(clean.learned).toHaveLength(1);
    expect(after.learned).toEqual(clean.learned);
    expect(after.said).not.toEqual(clean.said); // the poison was there
  });

  it('says the same of a new site whatever its labels are', async () => {
    expect((await told(prepare, { labels: true })).said).toEqual((await told(prepare)).said);
  });
});

it('and the test would notice: a poisoned training subject changes what is learned', async () => {
  const { x, target, sites } = sited();
  const [fold] = planFolds(target, { kind: 'leave-one-group-out' }, { seed: 7, inner: 3, groups: sites });
  for (const prepare of Object.values(steps)) {
    const bytes = async (of: Cohort) =>
      flat((await single({ modality: 'assay1', prepare: { assay1: prepare } }).fit(of, target, { seed: 1 })).save());
    expect(await bytes(poisoned(x, fold.train.slice(0, 1)))).not.toBe(await bytes(x));
  }
});
