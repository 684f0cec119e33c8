import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { type Cohort, cohort } from '../../src/describe/cohort.ts';
import type { Conversation } from '../../src/fuse/conversation.ts';
import { faithfulness } from '../../src/fuse/faithfulness.ts';
import type { Reader } from '../../src/fuse/prediction.ts';

const tokens = [
  ...Array.from({ length: 4 }, (_, t) => ({ modality: 'a', name: `a${t}`, learned: false })),
  ...Array.from({ length: 4 }, (_, t) => ({ modality: 'b', name: `b${t}`, learned: false })),
];
const many = tokens.length;

const cohortOf = (n: number): Cohort =>
  cohort(
    Array.from({ length: n }, (_, i) => `s${i}`),
    [],
  );

/** Tokens of each ask mostly the `pointed` token of the other. */
function pointing(
  x: Cohort,
  pointed: number,
  present = new Uint8Array(x.subjects.length * many).fill(1),
): Conversation {
  const attention = new Float32Array(x.subjects.length * many * many);
  x.subjects.forEach((_, i) => {
    for (let q = 0; q < many; q++) {
      for (let k = 0; k < many; k++) {
        const other = Math.floor(q / 4) !== Math.floor(k / 4);
        if (other) attention[(i * many + q) * many + k] = k % 4 === pointed ? 0.7 : 0.1;
      }
    }
  });
  return { subjects: x.subjects, tokens, present, attention, rollout: attention };
}

/** Says what `tell` makes of the tokens that are left; keeps what it was asked. */
function readerThat(tell: (hidden: Uint8Array) => readonly number[]): Reader & { readonly asked: Uint8Array[] } {
  const asked: Uint8Array[] = [];
  return {
    asked,
    conversation: () => Promise.reject(new Error('not asked here')),
    async without(x, hidden) {
      asked.push(hidden);
      const rows = x.subjects.flatMap((_, i) => tell(hidden.subarray(i * many, (i + 1) * many)));
      return matrix(x.subjects.length, rows.length / x.subjects.length, Float64Array.from(rows));
    },
  };
}

describe('faithfulness', () => {
  it('is seen where the token that is asked for most decides all', async () => {
    const x = cohortOf(6);
    const reader = readerThat((hidden) => (hidden[2] ? [0.5, 0.5] : [0.9, 0.1]));
    const { hidden, most, random } = await faithfulness(x, reader, pointing(x, 2), { seed: 1 });
    expect(hidden).toBe(2); // one of each modality
    expect([...most]).toEqual(new Array(6).fill(expect.closeTo(0.4, 12)));
    expect([...random]).toEqual(new Array(6).fill(0));
  });

  it('is not where another token decides all', async () => {
    const x = cohortOf(40);
    const reader = readerThat((hidden) => [hidden[1] ? 0 : 3]);
    const { most, random } = await faithfulness(x, reader, pointing(x, 2), { seed: 1 });
    expect([...most]).toEqual(new Array(40).fill(0));
    // The token is one of three that can be drawn: 3 in a third of 200 draws, standard error 0.1.
    const mean = random.reduce((a, b) => a + b, 0) / 40;
    expect(Math.abs(mean - 1)).toBeLessThan(0.4);
  });

  it('moves nothing where tokens say nothing', async () => {
    const x = cohortOf(3);
    const { most, random } = await faithfulness(
      x,
      readerThat(() => [0.3, 0.7]),
      pointing(x, 0),
      { seed: 1 },
    );
    expect([...most, ...random]).toEqual(new Array(6).fill(0));
  });

  it('hides as many at random as were asked for most, of the same modalities, and never the same', async () => {
    const x = cohortOf(5);
    const reader = readerThat(() => [0]);
    await faithfulness(x, reader, pointing(x, 3), { seed: 1, hide: 2, draws: 4 });
    const [whole, top, ...drawn] = reader.asked;
    expect(whole.includes(1)).toBe(false);
    expect(drawn).toHaveLength(4);
    for (const marks of drawn) {
      marks.forEach((mark, at) => {
        expect(mark + top[at]).toBeLessThan(2);
      });
      for (let half = 0; half < 10; half++) {
        expect(marks.subarray(4 * half, 4 * half + 4).reduce((a, b) => a + b)).toBe(2);
        expect(top.subarray(4 * half, 4 * half + 4).reduce((a, b) => a + b)).toBe(2);
      }
    }
  });

  it('draws alike for the same seed, whoever else is there', async () => {
    const [few, more] = [cohortOf(2), cohortOf(7)];
    const [a, b] = [readerThat(() => [0]), readerThat(() => [0])];
    await faithfulness(few, a, pointing(few, 0), { seed: 4 });
    await faithfulness(more, b, pointing(more, 0), { seed: 4 });
    expect(a.asked.map((marks) => [...marks])).toEqual(b.asked.map((marks) => [...marks.subarray(0, 2 * many)]));
    const c = readerThat(() => [0]);
    await faithfulness(few, c, pointing(few, 0), { seed: 5 });
    expect(c.asked).not.toEqual(a.asked);
  });

  it('is not a number of a subject with one modality, or with one token of each', async () => {
    const x = cohortOf(3);
    // The first has all, the second only modality a, the third one token of each.
    const present = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const reader = readerThat((hidden) => [hidden.reduce((a, b) => a + b, 0)]);
    const told = await faithfulness(x, reader, pointing(x, 1, present), { seed: 1 });
    expect([...told.most]).toEqual([2, Number.NaN, 2]);
    expect([...told.random].map(Number.isNaN)).toEqual([false, true, false]);
    const two = { ...pointing(x, 0), tokens: [tokens[0], tokens[4]], present: new Uint8Array(6).fill(1) };
    const none = await faithfulness(x, reader, two, { seed: 1 });
    expect(none.hidden).toBe(0);
    expect([...none.most, ...none.random].every(Number.isNaN)).toBe(true);
  });

  it('never hides more than half of a modality', async () => {
    const x = cohortOf(1);
    const reader = readerThat(() => [0]);
    const { hidden } = await faithfulness(x, reader, pointing(x, 0), { seed: 1, hide: 100 });
    expect(hidden).toBe(4);
    expect(reader.asked[1].reduce((a, b) => a + b, 0)).toBe(4);
  });

  it('refuses counts that are none, and a conversation of others', async () => {
    const x = cohortOf(3);
    const reader = readerThat(() => [0]);
    const told = pointing(x, 1);
    await expect(faithfulness(x, reader, told, { seed: 1, hide: 0 })).rejects.toThrow(
      'faithfulness: hide: not a count, expected a positive whole number, got 0',
    );
    await expect(faithfulness(x, reader, told, { seed: 1, draws: 0 })).rejects.toThrow(
      'faithfulness: draws: not a count, expected a positive whole number, got 0',
    );
    await expect(faithfulness(cohortOf(2), reader, told, { seed: 1 })).rejects.toThrow(
      'faithfulness: a conversation of other subjects, expected of the cohort',
    );
  });
});
