/** What every fusion promises (DESIGN.md, Contracts). */
import { describe, expect, it } from 'vitest';
import { type Cohort, takeSubjects, withOnly } from '../../src/describe/cohort.ts';
import { strataOf, type Target, type TargetKind, takeTarget } from '../../src/describe/target.ts';
import type { Saved } from '../../src/estimator.ts';
import { type Fusion, opinionIn, type Prediction } from '../../src/fuse/prediction.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { buildFusion, openFusion } from '../../src/study/registry.ts';
import { world as classWorld, targetOf, type WorldOptions } from './cohorts.ts';

interface World {
  readonly x: Cohort;
  readonly target: Target;
}

export interface FusionWorld extends WorldOptions {
  readonly kind?: TargetKind;
  /** In which opinions agree whatever the company; fewer of networks, whose float32 kernels treat the end of a batch apart. */
  readonly digits?: number;
}

/** Fresh data each time, so that nothing remembered for one cohort serves another. */
export function checkFusion(name: string, make: () => Fusion, options: FusionWorld = {}): void {
  const { kind = 'classes', digits = 11 } = options;
  const world = (given: WorldOptions): World => {
    const made = classWorld(given);
    return { x: made.x, target: targetOf(made, kind) };
  };
  const fitOn = async ({ x, target }: World, fusion = make()) =>
    fusion.fit(x, target, { seed: 3, inner: stratifiedFolds(strataOf(target), { folds: 5, seed: 3 }) });

  describe(`${name} keeps the contract of a fusion`, () => {
    it('gives every subject what its kind of target asks for', async () => {
      const data = world(options);
      const prediction = await (await fitOn(data)).apply(data.x);
      expect(prediction.kind).toBe(kind);
      const { uncertainty } = prediction;
      if (prediction.kind === 'survival') {
        const { risk, survival, timesDays } = prediction;
        expect(survival.shape).toEqual([data.x.subjects.length, timesDays.length]);
        expect(risk.every(Number.isFinite)).toBe(true);
        for (let i = 0; i < risk.length; i++) {
          const curve = survival.data.subarray(i * timesDays.length, (i + 1) * timesDays.length);
          expect(curve.every((p, t) => p <= (t ? curve[t - 1] : 1) && p >= 0)).toBe(true);
        }
      }
      if (prediction.kind === 'value') expect(prediction.value.every(Number.isFinite)).toBe(true);
      if (prediction.kind !== 'classes') return;
      const { probability } = prediction;
      const [n, classes] = probability.shape;
      expect([n, classes]).toEqual([data.x.subjects.length, prediction.classes.length]);
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
      const turned = takeTarget(target, Int32Array.from(x.subjects.keys()).reverse());
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
      const straight = opinionIn(await fitted.apply(data.x));
      const turned = opinionIn(await fitted.apply(takeSubjects(data.x, reversed)));
      const width = straight.shape[1];
      reversed.forEach((row, i) => {
        for (let k = 0; k < width; k++) {
          expect(turned.data[i * width + k]).toBeCloseTo(straight.data[row * width + k], digits);
        }
      });
    });

    it('predicts nearly the same whatever order the training subjects stand in', async () => {
      const data = world(options);
      const order = Int32Array.from(data.x.subjects.keys()).reverse();
      const inner = stratifiedFolds(strataOf(data.target), { folds: 5, seed: 3 });
      const turned = await make().fit(takeSubjects(data.x, order), takeTarget(data.target, order), {
        seed: 3,
        inner: Int32Array.from(order, (row) => inner[row]),
      });
      const straight = opinionIn(await (await fitOn(data)).apply(data.x)).data;
      const other = opinionIn(await turned.apply(data.x)).data;
      const nearly = kind === 'value' ? 2 : 3;
      straight.forEach((p, at) => {
        expect(other[at]).toBeCloseTo(p, nearly);
      });
    });

    it('predicts what is usual in training, and says so, where no modality is there', async () => {
      const data = world(options);
      const fitted = await fitOn(data);
      const nobody = await fitted.apply(withOnly(data.x, []));
      expect([...nobody.fromPrior].every((yes) => yes === 1)).toBe(true);
      const [said] = opinionIn(nobody).data;
      if (data.target.kind === 'classes') expect(said).toBeCloseTo(1 / data.target.classes.length, 1);
      else if (data.target.kind === 'survival') expect(said).toBe(0);
      else expect(said).toBeCloseTo(data.target.values.reduce((a, b) => a + b) / data.target.values.length, 9);
    });

    it('explains each prediction by contributions that sum to it, an absent modality contributing nothing', async () => {
      const data = world(options);
      const fitted = await fitOn(data);
      if (fitted.modalities.length < 2) return;
      const explained = await fitted.apply(data.x, { explain: true });
      const nothing = opinionIn(await fitted.apply(withOnly(data.x, []))).data;
      const many = explained.modalities.length;
      const { data: said, shape } = opinionIn(explained);
      const width = shape[1];
      const contributions = explained.contributions as Float64Array;
      for (let i = 0; i < data.x.subjects.length; i++) {
        for (let k = 0; k < width; k++) {
          let sum = nothing[i * width + k];
          for (let m = 0; m < many; m++) {
            const own = contributions[(i * many + m) * width + k];
            if (!explained.present[i * many + m]) expect(own).toBeCloseTo(0, 9);
            sum += own;
          }
          expect(sum).toBeCloseTo(said[i * width + k], 9);
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

function plain(prediction: Prediction): object {
  const { present, fromPrior, uncertainty } = prediction;
  const curve = prediction.kind === 'survival' ? [...prediction.survival.data] : [];
  return {
    said: [...opinionIn(prediction).data],
    curve,
    present: [...present],
    fromPrior: [...fromPrior],
    uncertainty: [...uncertainty],
  };
}
