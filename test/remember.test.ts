import { describe, expect, it } from 'vitest';
import type { Run } from '../src/estimator.ts';
import { remember } from '../src/remember.ts';

const run: Run = { seed: 0 };

describe('remembered work', () => {
  it('is done once for an owner and a key', async () => {
    const owner = {};
    let times = 0;
    const work = () => remember([owner], 'k', run, async () => ++times);
    expect([await work(), await work(), await remember([{}], 'k', run, async () => ++times)]).toEqual([1, 1, 2]);
  });

  it('charges everyone who takes it over what it took, parts of it included', async () => {
    const owner = {};
    const pause = () => new Promise((done) => setTimeout(done, 20));
    const outer = (charge: (milliseconds: number) => void) =>
      remember([owner], 'whole', { seed: 0, charge }, (inner) => remember([owner], 'part', inner, pause));
    const charges: number[] = [];
    await outer((milliseconds) => charges.push(milliseconds));
    expect(charges.reduce((a, b) => a + b, 0)).toBe(0); // did the work itself
    await outer((milliseconds) => charges.push(milliseconds));
    expect(charges.at(-1)).toBeGreaterThan(10);
  });

  it('is done anew for another object among those it is of', async () => {
    const owner = {};
    const other = {};
    let times = 0;
    const work = (one?: object) => remember([owner, one], 'k', run, async () => ++times);
    expect([await work(other), await work({}), await work(), await work(other)]).toEqual([1, 2, 3, 1]);
  });

  it('that failed is forgotten, so that a later try may succeed', async () => {
    const owner = {};
    const failing = remember([owner], 'k', run, async () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await remember([owner], 'k', run, async () => 'yes')).toBe('yes');
  });
});
