import { describe, expect, it } from 'vitest';
import { takeRows } from '../../src/array/matrix.ts';
import { takeSubjects, withOnly } from '../../src/describe/cohort.ts';
import { type Target, type TargetKind, takeTarget } from '../../src/describe/target.ts';
import { type BlendOptions, blend } from '../../src/fuse/blend.ts';
import { convexWeights } from '../../src/fuse/combine/convex.ts';
import { early } from '../../src/fuse/early.ts';
import { intermediate } from '../../src/fuse/intermediate/intermediate.ts';
import type { IntermediateOptions } from '../../src/fuse/intermediate/options.ts';
import { late } from '../../src/fuse/late.ts';
import { type CrossFittedFusion, type Fusion, opinionIn, type ValuePrediction } from '../../src/fuse/prediction.ts';
import { bestSingle, single } from '../../src/fuse/single.ts';
import { taskOf } from '../../src/fuse/task/tasks.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { buildFusion, openFusion } from '../../src/study/registry.ts';
import { flat } from '../contract/check-fusion.ts';
import { targetOf, type World, world } from '../contract/cohorts.ts';

const small: IntermediateOptions = { width: 8, heads: 2, epochs: 2, patience: 2, members: 1, batchSize: 32 };
const run = { seed: 3, inner: stratifiedFolds(world().target.labels, { folds: 5, seed: 3 }) };
const crossFitOn = (fusion: Fusion, { x, target }: { x: World['x']; target: Target }) =>
  (fusion.crossFit as NonNullable<Fusion['crossFit']>)(x, target, run);

const ours: { readonly [name: string]: () => Fusion } = {
  single: () => single({ modality: 'assay1' }),
  'best-single': () => bestSingle(),
  early: () => early(),
  'late:mean': () => late(),
  'late:convex': () => late({ combine: 'convex' }),
  'late:stacked': () => late({ combine: 'stacked' }),
  intermediate: () => intermediate(small),
  blend: () => blend({ intermediate: small }),
};

describe('what a fusion says out of fold', () => {
  for (const [name, make] of Object.entries(ours)) {
    it(`stands beside the same fit, whose training subjects keep their order: ${name}`, async () => {
      const data = world();
      const order = Int32Array.from(data.x.subjects.keys()).reverse();
      const { fitted, outOfFold, heard } = await crossFitOn(make(), data);
      expect(flat(fitted.save())).toBe(flat((await make().fit(data.x, data.target, run)).save()));
      const turned = await (make().crossFit as NonNullable<Fusion['crossFit']>)(
        takeSubjects(data.x, order),
        takeTarget(data.target, order),
        { ...run, inner: Int32Array.from(order, (row) => run.inner[row]) },
      );
      expect([...turned.heard]).toEqual([...order].map((row) => heard[row]));
      takeRows(outOfFold, order).data.forEach((p, at) => {
        expect(turned.outOfFold.data[at]).toBeCloseTo(p, 3);
      });
    });

    it(`does not come from a subject's own target, and is no fit to it: ${name}`, async () => {
      // Penalties and epochs are chosen on all inner folds; held fixed, what is said of a fold rests on the others alone.
      const fixed = { logistic: { penalties: [3] } };
      const makeFixed = () => buildFusion({ ...make().spec, options: { ...make().spec.options, ...fixed } });
      const fusion =
        name === 'intermediate'
          ? intermediate({ ...small, epochs: 1 })
          : name === 'blend'
            ? blend({
                ...fixed,
                combine: 'mean',
                early: { recalibrate: false },
                late: { recalibrate: false },
                intermediate: { ...small, epochs: 1, recalibrate: false },
              })
            : makeFixed();
      const data = world();
      const labels = data.target.labels.slice();
      const [zero, one] = [0, 1].map((label) => labels.findIndex((own, i) => own === label && run.inner[i] === 0));
      [labels[zero], labels[one]] = [1, 0]; // the shares of classes stay
      const before = await crossFitOn(fusion, data);
      const after = await crossFitOn(fusion, { x: world().x, target: { ...data.target, labels } });
      const learns = name === 'late:convex' || name === 'late:stacked' || name === 'best-single'; // on the opinions of all
      if (!learns) {
        for (const i of [zero, one]) {
          expect(after.outOfFold.data[2 * i]).toBeCloseTo(before.outOfFold.data[2 * i], 12);
        }
      }
      const others = [...run.inner.keys()].filter((i) => run.inner[i] !== 0 && before.heard[i]);
      expect(others.some((i) => after.outOfFold.data[2 * i] !== before.outOfFold.data[2 * i])).toBe(true);
    });

    it(`is the prior where nothing is there: ${name}`, async () => {
      const data = world();
      const gone = {
        ...data.x,
        blocks: data.x.blocks.map((block) => {
          const { values, observed, present } = structuredClone(block);
          const width = values.shape[1];
          for (const i of [4, 9]) {
            present[i] = 0;
            observed.fill(0, i * width, (i + 1) * width);
            values.data.fill(0, i * width, (i + 1) * width);
          }
          return { ...block, values, observed, present };
        }),
      };
      const { outOfFold, heard } = await crossFitOn(make(), { x: gone, target: data.target });
      expect([heard[4], heard[9]]).toEqual([0, 0]);
      expect([...outOfFold.data.subarray(8, 10)]).toEqual([...taskOf(data.target).prior]);
    });
  }
});

describe('a blend', () => {
  it('weighs its members by what they say out of fold, and by nothing else', async () => {
    for (const kind of ['classes', 'value', 'survival'] as const) {
      const made = world({ absent: 0.1 });
      const target = targetOf(made, kind);
      const toldAnew = kind === 'classes' ? { recalibrate: true } : {};
      const members = {
        early: early(toldAnew),
        late: late(toldAnew),
        intermediate: intermediate({ ...small, ...toldAnew }),
      };
      const told: CrossFittedFusion[] = [];
      for (const member of Object.values(members)) told.push(await crossFitOn(member, { x: made.x, target }));
      const scale = (one: CrossFittedFusion) => (kind === 'survival' ? sd(one) : 1);
      const said = told.map((one) => ({ ...one.outOfFold, data: one.outOfFold.data.map((v) => v / scale(one)) }));
      const present = Uint8Array.from({ length: 180 }, (_, at) => told[at % 3].heard[Math.floor(at / 3)]);
      const expected = convexWeights({ opinions: { said, present }, target, task: taskOf(target), run });
      const { notes } = await blend({ intermediate: small }).fit(made.x, target, run);
      const names = Object.keys(members).map((name) => `weight of ${name}`);
      expect(Object.keys(notes.figures)).toEqual(names);
      expect(names.map((name) => notes.figures[name])).toEqual(expected.map((w) => expect.closeTo(w, 9)));
    }
  });

  it('of one member says what the member says', async () => {
    for (const kind of ['classes', 'value'] as const satisfies readonly TargetKind[]) {
      const made = world();
      const target = targetOf(made, kind);
      for (const combine of ['convex', 'mean'] as const) {
        const same = late(kind === 'classes' ? { recalibrate: true } : {});
        const alone = await (await same.fit(made.x, target, run)).apply(made.x);
        const blended = await (await blend({ members: ['late'], combine }).fit(made.x, target, run)).apply(made.x);
        expect([...opinionIn(blended).data]).toEqual([...opinionIn(alone).data].map((p) => expect.closeTo(p, 12)));
        if (alone.kind === 'value') {
          expect([...(blended as ValuePrediction).low]).toEqual([...alone.low].map((v) => expect.closeTo(v, 9)));
        }
      }
    }
  });

  it('lets its members tell class probabilities anew where they are not told to leave them', async () => {
    const { x, target } = world();
    const told = async (options: BlendOptions) => [
      ...opinionIn(await (await blend({ members: ['late'], ...options }).fit(x, target, run)).apply(x)).data,
    ];
    const plain = [...opinionIn(await (await late().fit(x, target, run)).apply(x)).data];
    expect(await told({ late: { recalibrate: false } })).toEqual(plain.map((p) => expect.closeTo(p, 12)));
    const surer = await told({});
    const side = (p: number, q: number) => Math.abs(p - 0.5) - Math.abs(q - 0.5);
    expect(surer.reduce((sum, p, at) => sum + side(p, plain[at]), 0)).toBeGreaterThan(0); // a mean is too cautious
  });

  it('hears only the members that any of a subject’s modalities reaches', async () => {
    const { x, target } = world({ absent: 0 });
    const fitted = await blend({
      members: ['early', 'late'],
      combine: 'mean',
      early: { modalities: ['assay1'] },
      late: { modalities: ['assay2', 'clinical'] },
    }).fit(x, target, run);
    expect(fitted.modalities).toEqual(['assay1', 'assay2', 'clinical']);
    const only = withOnly(x, ['assay1']);
    const alone = await early({ modalities: ['assay1'], recalibrate: true }).fit(x, target, run);
    const [said, expected] = [await fitted.apply(only), await alone.apply(only)].map((one) => [...opinionIn(one).data]);
    expect(said).toEqual(expected.map((p) => expect.closeTo(p, 12)));
    expect((await fitted.apply(only)).fromPrior.includes(1)).toBe(false);
  });

  it('does without a member that could learn nothing, and says so', async () => {
    const { x, target } = world();
    const empty = {
      ...x,
      blocks: x.blocks.map((block, b) => (b === 0 ? withOnly(x, []).blocks[0] : block)),
    };
    const fitted = await blend({
      members: ['early', 'late'],
      early: { modalities: ['assay1'] },
    }).fit(empty, target, run);
    expect(fitted.modalities).toEqual(['assay2', 'clinical']);
    expect(fitted.notes.figures).toEqual({ 'weight of late': 1 });
    expect(fitted.notes.remarks).toContain('early: no modality has a feature that varies');
    const nobody = await blend({ members: ['early', 'late'] }).fit(withOnly(x, []), target, run);
    const { fromPrior } = (await openFusion(structuredClone(nobody.save())).apply(x as never)) as {
      fromPrior: Uint8Array;
    };
    expect(fromPrior.every((prior) => prior === 1)).toBe(true);
  });

  it('tells how much the member who filled in most had to fill in', async () => {
    const { x, target } = world();
    const options = { members: ['early', 'late'] } as const;
    const [both, alone] = await Promise.all(
      [blend(options), early()].map(async (fusion) => (await fusion.fit(x, target, run)).apply(x)),
    );
    expect([...both.filled]).toEqual([...alone.filled]);
  });

  it('hands its runtime to the member that needs one', async () => {
    const { x, target } = world();
    let asked = 0;
    const runtime = async () => {
      asked++;
      throw new Error('asked');
    };
    await expect(blend({ intermediate: small }, { runtime }).fit(x, target, run)).rejects.toThrow('asked');
    expect(asked).toBe(1);
    await blend({ members: ['early', 'late'] }, { runtime }).fit(x, target, run);
    expect(asked).toBe(1);
  });

  it('is stopped between members', async () => {
    const { x, target } = world();
    await expect(blend().fit(x, target, { ...run, stopped: () => true })).rejects.toThrow('blend: early');
  });

  const refused: readonly (readonly [BlendOptions, string])[] = [
    [{ combine: 'vote' as never }, 'blend: combine: unknown combiner, expected one of convex, stacked, mean, got vote'],
    [{ members: [] }, 'blend: members: none named, expected some of early, late, intermediate'],
    [
      { members: ['hybrid' as never] },
      'blend: members: unknown member, expected some of early, late, intermediate, got hybrid',
    ],
    [
      { members: ['late', 'late'] },
      'blend: members: "late" is named twice, expected some of early, late, intermediate',
    ],
    [
      { members: ['late', 'early'], intermediate: { width: 8 } },
      'blend: intermediate: options of a fusion that is not blended, expected options of late, early',
    ],
    [{ late: { combine: 'median' as never } }, 'late: combine: unknown combiner, expected one of'],
  ];
  it.each(refused)('refuses %j', (options, message) => {
    expect(() => blend(options)).toThrow(message);
  });

  it('is refused where a saved one holds a member of another kind', async () => {
    const { x, target } = world();
    const saved = (await blend({ members: ['late'] }).fit(x, target, run)).save();
    const members = (saved.state.members as { kind: string }[]).map((member) => ({ ...member, kind: 'hybrid' }));
    expect(() => openFusion({ ...saved, state: { ...saved.state, members } as never })).toThrow(
      'model: blend: unknown member, expected one of early, late, intermediate, got hybrid',
    );
  });
});

function sd({ outOfFold, heard }: CrossFittedFusion): number {
  const own = [...outOfFold.data].filter((_, i) => heard[i]);
  const mean = own.reduce((a, b) => a + b) / own.length;
  return Math.sqrt(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length);
}
