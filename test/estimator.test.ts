import { describe, expect, it } from 'vitest';
import { CancelledError } from '../src/errors.ts';
import { type Estimator, openPipe, pipe, type Run } from '../src/estimator.ts';

/** Adds the mean of what it was fitted on. */
const addMean: Estimator<number[], undefined, number[]> = {
  spec: { kind: 'add-mean', version: 1, options: {} },
  fit: async (x) => added(x.reduce((a, b) => a + b, 0) / x.length),
};

function added(mean: number) {
  return {
    apply: async (x: number[]) => x.map((value) => value + mean),
    save: () => ({
      kind: 'add-mean',
      version: 1,
      state: { mean },
      blobs: { mean: new Uint8Array(Float64Array.of(mean).buffer) },
    }),
  };
}

const run: Run = { seed: 0 };

describe('a pipe', () => {
  it('fits each step on what the steps before made of the training data, and on nothing else', async () => {
    const fitted = await pipe<number[], undefined, number[]>(addMean, addMean).fit([1, 3], undefined, run);
    expect(await fitted.apply([0])).toEqual([0 + 2 + 4]); // the first learns 2, the second the mean of [3, 5]
  });

  it('is the same after saving and opening, each step by its own kind', async () => {
    const fitted = await pipe<number[], undefined, number[]>(addMean, addMean).fit([1, 3], undefined, run);
    const opened = openPipe(fitted.save(), ({ state, blobs }) => {
      expect(new Float64Array(blobs.mean.slice().buffer)[0]).toBe(state.mean);
      return added(state.mean as number) as never;
    });
    expect(await opened.apply([10] as never)).toEqual([16]);
  });

  it('stops between steps when asked to', async () => {
    const fit = pipe(addMean, addMean).fit([1] as never, undefined, { seed: 0, stopped: () => true });
    await expect(fit).rejects.toThrow(new CancelledError('add-mean'));
  });
});
