import { beforeAll, describe, expect, it } from 'vitest';
import { strategiesOverTime } from '../../../src/fuse/hybrid/strategies.ts';
import { renderNights } from '../../../src/report/nights/render.node.ts';
import { renderNightsText } from '../../../src/report/nights/text.ts';
import { compareNights, type NightsComparison } from '../../../src/study/nights/compare-nights.node.ts';

/** What is compared unless the network is asked for. */
const quick = strategiesOverTime.filter((name) => name !== 'learned');
const options = { nights: 40, seed: 3, jobs: 1 };

let comparison: NightsComparison;
const told: number[][] = [];

beforeAll(async () => {
  comparison = await compareNights({ ...options, worth: [0, 1], progress: (...now) => told.push(now) });
}, 240_000);

describe('a comparison over simulated nights', () => {
  it('judges every strategy in both modes on all nights, each person by what others taught', () => {
    expect(comparison.world.nights).toBe(40);
    expect(comparison.world.people).toBe(4);
    expect(comparison.modes.map(({ mode }) => mode)).toEqual(['nowcast', 'forecast']);
    for (const { strategies, thresholds } of comparison.modes) {
      expect(strategies.map(({ name }) => name)).toEqual(quick);
      for (const { judgement } of strategies) {
        expect(judgement.nights).toBe(40);
        expect(judgement.events).toBe(comparison.world.events);
      }
      for (const name of quick) expect(thresholds[name]).toHaveLength(2);
    }
    expect(comparison.world.events).toBeGreaterThan(0);
  });

  it('keeps the budget of false alarms where thresholds are chosen', () => {
    for (const { thresholds } of comparison.modes) {
      for (const chosen of Object.values(thresholds).flat()) {
        expect(chosen.trainingFalsePerNight).toBeLessThanOrEqual(comparison.options.falsePerNight);
        expect(chosen.retract).toBeLessThanOrEqual(chosen.confirm);
      }
    }
  });

  it('tells the worth of the fast sensors at each effect and mode', () => {
    expect(comparison.worth.map(({ heartRateEffect, mode }) => [heartRateEffect, mode])).toEqual([
      [0, 'nowcast'],
      [0, 'forecast'],
      [1, 'nowcast'],
      [1, 'forecast'],
    ]);
    for (const { difference } of comparison.worth) expect([difference.a, difference.b]).toEqual(['hybrid', 'filter']);
  });

  it("draws nights with their truth, readings, fast sensors and everyone's alerts", () => {
    expect(comparison.pictures.length).toBeGreaterThan(0);
    for (const { truth, readings, fast, strategies, startMs, endMs } of comparison.pictures) {
      expect(endMs - startMs).toBe(9 * 3_600_000);
      expect(truth?.value.length).toBeGreaterThan(500);
      expect(readings.value.length).toBeGreaterThan(50);
      expect(fast.map(({ name }) => name)).toEqual(['heart rate', 'motion']);
      expect(new Set(strategies.map(({ name }) => name))).toEqual(new Set(quick));
    }
  });

  it('reports progress up to the whole', () => {
    const [done, total] = told.at(-1) as number[];
    expect(done).toBe(total);
    expect(told).toHaveLength(total);
  });

  it('gives plain JSON, the same for the same seed', async () => {
    const again = await compareNights(options);
    expect(JSON.stringify({ ...again, worth: [] })).toBe(JSON.stringify({ ...comparison, worth: [] }));
  }, 240_000);

  it('is written as text and as a page that needs nothing from elsewhere', async () => {
    const text = renderNightsText(comparison);
    expect(text).toContain('40 simulated nights of 4 people');
    expect(text).toContain('hybrid: filter and fast');
    const page = await renderNights(comparison);
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    for (const id of ['verdict', 'nights', 'strategies', 'responses', 'worth', 'method'])
      expect(page).toContain(`id="${id}"`);
  });

  it('is refused for too few nights', async () => {
    await expect(compareNights({ nights: 5 })).rejects.toThrow('nights: unusable, expected 20 to 100000, got 5');
  });

  it('stops when asked to', async () => {
    const stop = new AbortController();
    const stopped = compareNights({ ...options, signal: stop.signal, progress: () => stop.abort() });
    await expect(stopped).rejects.toThrow('night: cancelled');
  });
});
