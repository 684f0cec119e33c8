/** What intermediate fusion can and cannot do on 2,000 subjects of known worlds; the numbers stand in docs/fuse.md. */
import { describe, expect, test } from 'vitest';
import { takeSubjects, withOnly } from '../../src/describe/cohort.ts';
import { takeTarget } from '../../src/describe/target.ts';
import { early } from '../../src/fuse/early.ts';
import { intermediate } from '../../src/fuse/intermediate/intermediate.ts';
import { late } from '../../src/fuse/late.ts';
import type { ClassPrediction, FittedFusion, Fusion } from '../../src/fuse/prediction.ts';
import { auroc } from '../../src/score/auroc.ts';
import { delongDifference } from '../../src/score/delong.ts';
import { type InterplayOptions, simulateInterplay } from '../../src/simulate/interplay.ts';

/** 2,000 subjects to learn from and 1,000 to judge by. */
function worldOf(options: Omit<InterplayOptions, 'subjects'>) {
  const { cohort, target } = simulateInterplay({ subjects: 3000, ...options });
  const [held, taught] = [true, false].map((third) =>
    Int32Array.from(cohort.subjects.keys()).filter((i) => (i % 3 === 0) === third),
  );
  const x = takeSubjects(cohort, held);
  const { labels } = takeTarget(target, held);
  const eventOf = async (fitted: FittedFusion, only?: readonly string[]) => {
    const { probability } = (await fitted.apply(only ? withOnly(x, only) : x)) as ClassPrediction;
    return Float64Array.from(labels, (_, i) => probability.data[2 * i + 1]);
  };
  const fitOn = async (name: string, fusion: Fusion) => {
    const started = performance.now();
    const fitted = await fusion.fit(takeSubjects(cohort, taught), takeTarget(target, taught), { seed: 1 });
    const seconds = (performance.now() - started) / 1000;
    const event = await eventOf(fitted);
    const area = auroc(event, labels) as number;
    console.info(`${name}: AUROC ${area.toFixed(3)}, fitted in ${seconds.toFixed(0)} s`);
    return { fitted, event, area };
  };
  return { labels, eventOf, fitOn };
}

describe('on the exclusive or of two signs', () => {
  test('early and late fusion are at chance, intermediate fusion tells', async () => {
    const { fitOn } = worldOf({ seed: 11, loading: 2 });
    // 1,000 held-out subjects: the standard error of an AUROC of 0.5 is 0.018.
    for (const [name, fusion] of [
      ['late', late()],
      ['early', early()],
    ] as const) {
      expect(Math.abs((await fitOn(name, fusion)).area - 0.5)).toBeLessThan(0.06);
    }
    expect((await fitOn('intermediate', intermediate())).area).toBeGreaterThan(0.95);
  });
});

describe('where modalities add up', () => {
  test('late fusion is not beaten beyond noise, and one modality alone serves as well as by late fusion', async () => {
    const { labels, fitOn, eventOf } = worldOf({ seed: 11, interplay: 0, own: 1 });
    const other = await fitOn('late', late());
    const own = await fitOn('intermediate', intermediate());
    const { estimate, low, high } = delongDifference(own.event, other.event, labels) as NonNullable<
      ReturnType<typeof delongDifference>
    >;
    console.info(`intermediate less late: ${estimate.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`);
    expect(low).toBeLessThanOrEqual(0);
    expect(Math.abs(estimate)).toBeLessThan(0.02);
    for (const name of ['omics1', 'omics2']) {
      const [mine, theirs] = [own, other].map(
        async ({ fitted }) => auroc(await eventOf(fitted, [name]), labels) as number,
      );
      console.info(`${name} alone: intermediate ${(await mine).toFixed(3)}, late ${(await theirs).toFixed(3)}`);
      expect(await mine).toBeGreaterThan((await theirs) - 0.03);
    }
  });
});
