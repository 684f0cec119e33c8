/** What z-scoring each site alone does where the truth is known: four sites, no effect of site at all, mixes of classes that differ. */
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { type Cohort, cohort, takeSubjects } from '../../src/describe/cohort.ts';
import { type ClassTarget, takeTarget } from '../../src/describe/target.ts';
import { opinionIn } from '../../src/fuse/prediction.ts';
import { single } from '../../src/fuse/single.ts';
import type { Step } from '../../src/harmonize/prepare.ts';
import { balancedRows } from '../../src/study/subsample.ts';
import { modality } from '../contract/cohorts.ts';

const each = 150; // subjects a site
const shares = [0.8, 0.2, 0.7, 0.3]; // of class 1, by site
const features = 12;

interface Sited {
  readonly x: Cohort;
  readonly target: ClassTarget;
  readonly sites: readonly string[];
}

function world(): Sited {
  const draw = random(12);
  const sites = shares.flatMap((_, s) => Array.from({ length: each }, () => `site ${s}`));
  const labels = Int32Array.from(sites, (_, i) => ((i % each) / each < shares[Math.floor(i / each)] ? 1 : 0));
  const data = new Float64Array(sites.length * features); // [subjects, features]
  for (let at = 0; at < data.length; at++) data[at] = draw.normal() + 0.7 * labels[Math.floor(at / features)];
  const genes = modality(
    'genes',
    Array.from({ length: features }, (_, j) => ({ name: `g${j}`, scale: 'interval' })),
  );
  const block = {
    modality: genes,
    values: matrix(sites.length, features, data),
    observed: new Uint8Array(data.length).fill(1),
    present: new Uint8Array(sites.length).fill(1),
  };
  const ids = sites.map((_, i) => `s${String(i).padStart(4, '0')}`);
  return {
    x: cohort(ids, [block], sites),
    target: { kind: 'classes', name: 'type', classes: ['a', 'b'], labels },
    sites,
  };
}

function part({ x, target, sites }: Sited, rows: Int32Array): Sited {
  return {
    x: takeSubjects(x, rows),
    target: takeTarget(target, rows),
    sites: Array.from(rows, (row) => sites[row]),
  };
}

/** Balanced error rate over all subjects, each told by a model of the other sites. */
async function errorRate({ x, target, sites }: Sited, prepare: readonly Step[]): Promise<number> {
  const wrong = [0, 0];
  for (const site of new Set(sites)) {
    const rowsWhere = (own: boolean) => Int32Array.from(sites.keys()).filter((i) => (sites[i] === site) === own);
    const [train, test] = [rowsWhere(false), rowsWhere(true)];
    const fusion = single({ modality: 'genes', prepare: { genes: prepare } });
    const fitted = await fusion.fit(takeSubjects(x, train), takeTarget(target, train), { seed: 1 });
    const { data } = opinionIn(await fitted.apply(takeSubjects(x, test)));
    test.forEach((row, i) => {
      if (data[2 * i + 1] > 0.5 !== (target.labels[row] === 1)) wrong[target.labels[row]]++;
    });
  }
  const all = [0, 1].map((k) => target.labels.filter((label) => label === k).length);
  return (wrong[0] / all[0] + wrong[1] / all[1]) / 2;
}

const pooled: readonly Step[] = [{ kind: 'standardize' }];
const alone: readonly Step[] = [{ kind: 'standardize', options: { within: 'site' } }];
const combat: readonly Step[] = [{ kind: 'combat', options: { unseen: 'own' } }, { kind: 'standardize' }];

describe('where sites differ in their mix of classes and in nothing else', () => {
  const everybody = world();
  const balanced = part(everybody, balancedRows(everybody.sites, everybody.target, 0).rows);
  /** As many subjects as in balance, of every site the same share, with the mix as it is. */
  const asMany = part(
    everybody,
    Int32Array.from(everybody.sites.keys()).filter((i) => (i * 7) % 15 < 6),
  );

  it.each([
    ['z-scoring each site alone', alone],
    ['ComBat, with a new site by its own subjects', combat],
  ])('%s raises the error by more than .05', async (_, steps) => {
    expect((await errorRate(asMany, steps)) - (await errorRate(asMany, pooled))).toBeGreaterThan(0.05);
  });

  it.each([
    ['z-scoring each site alone', alone],
    ['ComBat, with a new site by its own subjects', combat],
  ])('%s does not where every site has as many of each class, of as many subjects', async (_, steps) => {
    expect(balanced.sites).toHaveLength(asMany.sites.length);
    const harm = (await errorRate(balanced, steps)) - (await errorRate(balanced, pooled));
    expect(Math.abs(harm)).toBeLessThan(0.02);
  });
});
