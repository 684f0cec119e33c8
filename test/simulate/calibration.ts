import { expect } from 'vitest';
import { auroc } from '../../src/score/auroc.ts';

/** Standard error of the AUROC of a score that says nothing, of so many subjects in two equal classes. */
export function standardError(subjects: number): number {
  return Math.sqrt((subjects + 1) / (3 * subjects * subjects));
}

/** Log-odds that are the true ones: as many events as they say in each fifth of subjects, and the AUROC they say. */
export function expectTrueOdds(logOdds: Float64Array, labels: Int32Array, said: number): void {
  const n = logOdds.length;
  const order = Array.from(logOdds.keys()).sort((a, b) => logOdds[a] - logOdds[b]);
  for (let part = 0; part < 5; part++) {
    const some = order.slice(Math.floor((part * n) / 5), Math.floor(((part + 1) * n) / 5));
    const p = some.map((i) => 1 / (1 + Math.exp(-logOdds[i])));
    const events = some.reduce((sum, i) => sum + labels[i], 0);
    const variance = p.reduce((sum, one) => sum + one * (1 - one), 0);
    expect(Math.abs(events - p.reduce((a, b) => a + b))).toBeLessThan(4 * Math.sqrt(variance) + 2);
  }
  expect(Math.abs((auroc(logOdds, labels) as number) - said)).toBeLessThan(4 * standardError(n));
}
