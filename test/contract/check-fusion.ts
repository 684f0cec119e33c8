/** What every fusion promises (DESIGN.md, Contracts). */
import { describe, expect, it } from 'vitest';
import { takeSubjects, withOnly } from '../../src/describe/cohort.ts';
import { takeTarget } from '../../src/describe/target.ts';
import type { Saved } from '../../src/estimator.ts';
import type { Fusion, Prediction } from '../../src/fuse/prediction.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { buildFusion, openFusion } from '../../src/study/registry.ts';
import { type World, type WorldOptions, world } from './cohorts.ts';

/** Fresh data each time, so that nothing remembered for one cohort serves another. */
export function checkFusion(name: string, make: () => Fusion, options: WorldOptions = {}): void {
  const fitOn = async ({ x, target }: World, fusion = make()) =>
    fusion.fit(x, target, { seed: 3, inner: stratifiedFolds(target.labels, { folds: 5, seed: 3 }) });

  describe(`${name} keeps the contract of a fusion`, () => {
    it('gives every subject probabilities that sum to one', async () => {
      const data = world(options);
      const { probability, uncertainty } = await (await fitOn(data)).apply(data.x);
      const [n, classes] = probability.shape;
      expect([n, classes]).toEqual([data.x.subjects.length, data.target.classes.length]);
      for (let i = 0; i < n; i++) {
        const row = probability.data.subarray(i * classes, (i + 1) * classes);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
        expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
        expect(uncertainty[i]).toBeGreaterThanOrEqual(0);
        expect(uncertainty[i]).toBeLessThanOrEqual(1 + 1e-9);
      }
    });

    it('gives the same bytes for the same seed and data', async () => {
      expect(flat((await fitOn(world(options))).save())).toEqual(flat((await fitOn(world(options))).save()));
    });

    it('refits from scratch: an earlier fit leaves no trace', async () => {
      const fusion = make();
      await fitOn(world({ ...options, seed: 99 }), fusion);
      expect(flat((await fitOn(world(options), fusion)).save())).toEqual(flat((await fitOn(world(options))).save()));
    });

    it('learns the target it is given, also when the same subjects had another before', async () => {
      const { x, target } = world(options);
      const turned = { ...target, labels: target.labels.map((label) => (label + 1) % target.classes.length) };
      await fitOn({ x, target });
      expect(flat((await fitOn({ x, target: turned })).save())).toEqual(
        flat((await fitOn({ x: world(options).x, target: turned })).save()),
      );
    });

    it('predicts the same after saving and opening', async () => {
      const data = world(options);
      const fitted = await fitOn(data);
      const opened = openFusion(structuredClone(fitted.save()));
      expect(opened.modalities).toEqual(fitted.modalities);
      expect(plain(await opened.apply(data.x))).toEqual(plain(await fitted.apply(data.x)));
    });

    it('is rebuilt from its spec', async () => {
      const rebuilt = buildFusion(JSON.parse(JSON.stringify(make().spec)));
      expect(flat((await fitOn(world(options), rebuilt)).save())).toEqual(flat((await fitOn(world(options))).save()));
    });

    it('does not depend on the order of subjects at prediction', async () => {
      const data = world(options);
      const fitted = await fitOn(data);
      const reversed = Int32Array.from(data.x.subjects.keys()).reverse();
      const classes = data.target.classes.length;
      const straight = await fitted.apply(data.x);
      const turned = await fitted.apply(takeSubjects(data.x, reversed));
      reversed.forEach((row, i) => {
        for (let k = 0; k < classes; k++) {
          expect(turned.probability.data[i * classes + k]).toBeCloseTo(
            straight.probability.data[row * classes + k],
            12,
          );
        }
      });
    });

    it('predicts nearly the same whatever order the training subjects stand in', async () => {
      const data = world(options);
      const order = Int32Array.from(data.x.subjects.keys()).reverse();
      const inner = stratifiedFolds(data.target.labels, { folds: 5, seed: 3 });
      const turned = await make().fit(takeSubjects(data.x, order), takeTarget(data.target, order), {
        seed: 3,
        inner: Int32Array.from(order, (row) => inner[row]),
      });
      const straight = await (await fitOn(data)).apply(data.x);
      const other = await turned.apply(data.x);
      straight.probability.data.forEach((p, at) => {
        expect(other.probability.data[at]).toBeCloseTo(p, 3);
      });
    });

    it('predicts the class shares, and says so, where no modality is there', async () => {
      const data = world(options);
      const fitted = await fitOn(data);
      const nobody = await fitted.apply(withOnly(data.x, []));
      expect([...nobody.fromPrior].every((yes) => yes === 1)).toBe(true);
      expect(nobody.probability.data[0]).toBeCloseTo(1 / data.target.classes.length, 1);
    });

    it('explains each prediction by contributions that sum to it, an absent modality contributing nothing', async () => {
      const data = world(options);
      const fitted = await fitOn(data);
      if (fitted.modalities.length < 2) return;
      const explained = await fitted.apply(data.x, { explain: true });
      const nothing = (await fitted.apply(withOnly(data.x, []))).probability.data;
      const many = explained.modalities.length;
      const classes = data.target.classes.length;
      const contributions = explained.contributions as Float64Array;
      for (let i = 0; i < data.x.subjects.length; i++) {
        for (let k = 0; k < classes; k++) {
          let sum = nothing[i * classes + k];
          for (let m = 0; m < many; m++) {
            const own = contributions[(i * many + m) * classes + k];
            if (!explained.present[i * many + m]) expect(own).toBeCloseTo(0, 9);
            sum += own;
          }
          expect(sum).toBeCloseTo(explained.probability.data[i * classes + k], 9);
        }
      }
    });

    it('keeps no reference to the training data', async () => {
      const data: { now: World | undefined } = { now: world(options) };
      const fitted = await fitOn(data.now as World);
      const saved = flat(fitted.save());
      expect((data.now as World).x.subjects.some((id) => saved.includes(JSON.stringify(id)))).toBe(false);
      if (!globalThis.gc) return; // vitest runs without --expose-gc; the saved text is what is checked everywhere
      const trace = new WeakRef((data.now as World).x);
      data.now = undefined;
      // Collecting takes the turns it takes; what is held is never collected.
      for (let turn = 0; turn < 50 && trace.deref(); turn++) {
        await new Promise((done) => setTimeout(done, 10));
        globalThis.gc();
      }
      expect(trace.deref()).toBeUndefined();
      expect(fitted.modalities.length).toBeGreaterThan(0);
    });
  });
}

/** A saved model as text, bytes included. */
export function flat({ kind, version, state, blobs }: Saved): string {
  const bytes = Object.entries(blobs).map(([name, blob]) => [name, Buffer.from(blob).toString('base64')]);
  return JSON.stringify({ kind, version, state, bytes });
}

function plain({ probability, present, fromPrior }: Prediction): object {
  return { probability: [...probability.data], present: [...present], fromPrior: [...fromPrior] };
}
