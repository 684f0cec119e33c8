import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { RiskGroup } from '../../src/evaluate/comparison.ts';
import { dodge } from '../../src/report/charts/dodge.ts';
import { kaplanMeierChart } from '../../src/report/charts/kaplan-meier.ts';

describe('dodge', () => {
  it('leaves places that are far enough apart, and parts close ones evenly about their middle', () => {
    expect(dodge([0.2, 0.9, 0.5], 0.1, [0, 1])).toEqual([0.2, 0.9, 0.5]);
    const close = dodge([0.5, 0.52], 0.1, [0, 1]);
    expect(close[0]).toBeCloseTo(0.46, 12);
    expect(close[1]).toBeCloseTo(0.56, 12);
    expect(dodge([], 0.1, [0, 1])).toEqual([]);
  });

  it('keeps the order, the gap and the bounds, and moves no more than any other way would', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 5 }), fc.infiniteStream(share), (places, others) => {
        const gap = 0.15;
        const moved = dodge(places, gap, [0, 1]);
        const down = Array.from(places.keys()).sort((a, b) => places[b] - places[a] || a - b);
        const cost = (to: readonly number[]) => to.reduce((sum, y, i) => sum + (y - places[i]) ** 2, 0);
        for (const [at, place] of down.entries()) {
          expect(moved[place]).toBeGreaterThanOrEqual(-1e-9);
          expect(moved[place]).toBeLessThanOrEqual(1 + 1e-9);
          if (at > 0) expect(moved[down[at - 1]] - moved[place]).toBeGreaterThanOrEqual(gap - 1e-9);
        }
        for (let trial = 0; trial < 20; trial++) {
          const slack = 1 - (places.length - 1) * gap;
          const free = places.map(() => slack * (others.next().value as number)).sort((a, b) => b - a);
          const other: number[] = [];
          for (const [at, place] of down.entries()) other[place] = free[at] + (places.length - 1 - at) * gap;
          expect(cost(other)).toBeGreaterThanOrEqual(cost(moved) - 1e-9);
        }
      }),
    );
  });
});

describe('kaplanMeierChart', () => {
  /** A group that goes down in one step and is followed until then. */
  const group = (name: RiskGroup['name'], timeDays: number, survival: number): RiskGroup => ({
    name,
    n: 10,
    events: 1,
    curve: [{ timeDays, atRisk: 5, survival, low: survival - 0.1, high: 1 }],
  });

  /** Where a name stands, in pixels. */
  function names(groups: readonly RiskGroup[]): { name: string; x: number; y: number }[] {
    const { document } = parseHTML('<html><body></body></html>');
    const axis = { unit: 'days', days: 1, ticks: [0, 50, 100] } as const;
    const chart = kaplanMeierChart({ document }, 'late:mean', groups, { axis, last: 100 });
    return Array.from(chart.querySelectorAll('text')).flatMap((text) => {
      const name = text.textContent ?? '';
      const [x, y] = (/translate\(([\d.]+),([\d.]+)\)/.exec(text.getAttribute('transform') ?? '') ?? [])
        .slice(1)
        .map(Number);
      return ['low', 'middle', 'high'].includes(name) ? [{ name, x, y }] : [];
    });
  }

  it.each([
    ['ends together', [100, 100, 100], [0.7, 0.69, 0.68], ['low', 'middle', 'high']],
    ['ends apart in time at one height', [60, 100, 80], [0.7, 0.7, 0.7], ['low', 'middle', 'high']],
    ['ends out of order', [80, 100, 60], [0.5, 0.9, 0.7], ['middle', 'high', 'low']],
    ['ends at the bottom', [80, 90, 100], [0.01, 0, 0], ['low', 'middle', 'high']],
    ['ends at the top', [80, 90, 100], [1, 1, 1], ['low', 'middle', 'high']],
  ])('names curves in one column beside the frame, in the order of their ends: %s', (_, times, survival, order) => {
    const groups = (['low', 'middle', 'high'] as const).map((name, g) => group(name, times[g], survival[g]));
    const found = names(groups).sort((a, b) => a.y - b.y);
    expect(found.map(({ name }) => name)).toEqual(order);
    expect(new Set(found.map(({ x }) => x)).size).toBe(1);
    expect(found[0].x).toBeGreaterThan(300 - 66); // the frame ends there
    for (let at = 1; at < found.length; at++) expect(found[at].y - found[at - 1].y).toBeGreaterThan(14.9);
    expect(found[0].y).toBeGreaterThanOrEqual(8);
    expect(found[2].y).toBeLessThanOrEqual(210 - 34 + 0.5);
  });
});
