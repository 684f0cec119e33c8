import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/align/time/event.ts';
import type { StreamInput } from '../../src/stream/input.ts';
import { type SubjectsOptions, subjects } from '../../src/stream/subjects.ts';

/** Says the time that it is told, and the value that it hears. */
const echo: Parameters<typeof subjects<{ heard: number }, string>>[0] = {
  init: () => ({ heard: 0 }),
  step(state, input) {
    if ('clockMs' in input) return [state, `at ${input.clockMs}`];
    if ('answeredMs' in input) return [state, `answered at ${input.answeredMs}`];
    state.heard++;
    return [state, `${input.event.value}, number ${state.heard}`];
  },
};

const arrival = (subject: string, arrivedMs: number, value = 1): Arrival => ({
  event: { stream: 'watch', subject, sensor: 'pulse', sequence: 0, timeMs: arrivedMs, value, quality: 1 },
  arrivedMs,
});

function said(inputs: readonly StreamInput[], options: Partial<SubjectsOptions<string>> = {}) {
  const all = subjects(echo, { stepMs: 100, isNothing: (out) => out === '', ...options });
  let state = all.init();
  return inputs.flatMap((input) => {
    const [next, out] = all.step(state, input);
    state = next;
    return out.map((one) => ('refused' in one ? `refused: ${one.refused}` : `${one.subject}: ${one.out}`));
  });
}

describe('many subjects', () => {
  it('hand an answer to the one whose alert was answered, and refuse one for somebody unknown', () => {
    const inputs: StreamInput[] = [
      arrival('a', 10),
      arrival('b', 10),
      { answered: 'b', arrivedMs: 30 },
      { answered: 'c', arrivedMs: 40 },
    ];
    expect(said(inputs).slice(2)).toEqual(['b: answered at 30', 'refused: unknown-subject']);
  });

  it('have a state each', () => {
    expect(said([arrival('a', 10, 7), arrival('b', 20, 8), arrival('a', 30, 9)])).toEqual([
      'a: 7, number 1',
      'b: 8, number 1',
      'a: 9, number 2',
    ]);
  });

  it('are all told every whole step of the clock, in the order in which they were first heard', () => {
    const words = said([arrival('b', 10), arrival('a', 20), arrival('a', 310)]);
    expect(words.slice(2)).toEqual([
      'b: at 100',
      'a: at 100',
      'b: at 200',
      'a: at 200',
      'b: at 300',
      'a: at 300',
      'a: 1, number 2',
    ]);
  });

  it('hear what arrives at a whole step before that step is told', () => {
    expect(said([arrival('a', 10), arrival('a', 100), { clockMs: 100 }])).toEqual([
      'a: 1, number 1',
      'a: 1, number 2',
      'a: at 100',
    ]);
  });

  it('are told the same whether or not the time was marked in between', () => {
    const arrivals = [arrival('a', 10), arrival('b', 20), arrival('a', 730)];
    const marks = [100, 200, 350, 700].map((clockMs) => ({ clockMs }));
    expect(said([arrivals[0], arrivals[1], ...marks, arrivals[2]])).toEqual(said(arrivals));
  });

  it('never see the clock go back', () => {
    const words = said([arrival('a', 550), arrival('a', 100), { clockMs: 200 }, { clockMs: 600 }]);
    expect(words).toEqual(['a: 1, number 1', 'a: 1, number 2', 'a: at 600']);
  });

  it('are left in peace once unheard for long, until they are heard again', () => {
    const words = said([arrival('a', 10), { clockMs: 1000 }, arrival('a', 1050), { clockMs: 1100 }], {
      restAfterMs: 300,
    });
    expect(words).toEqual(['a: 1, number 1', 'a: at 100', 'a: at 200', 'a: at 300', 'a: 1, number 2', 'a: at 1100']);
  });

  it('are forgotten once unheard for very long, which makes room for others', () => {
    const options = { restAfterMs: 200, forgetAfterMs: 1000, mostSubjects: 2 };
    const words = said(
      [
        arrival('a', 10),
        arrival('b', 20),
        arrival('c', 900),
        arrival('b', 950),
        arrival('c', 1500),
        arrival('a', 1600),
      ],
      options,
    );
    expect(words.filter((word) => !word.includes('at'))).toEqual([
      'a: 1, number 1',
      'b: 1, number 1',
      'refused: too-many-subjects',
      'b: 1, number 2',
      'c: 1, number 1',
      'refused: too-many-subjects',
    ]);
    const again = said([arrival('a', 10), arrival('a', 1500)], options);
    expect(again.at(-1)).toBe('a: 1, number 1');
  });

  it('take no long time over a gap of a thousand centuries', () => {
    const century = 100 * 365 * 86_400_000;
    const far = [arrival('a', 1000 * century), arrival('a', 1000 * century + 1)];
    expect(said([arrival('a', 10), ...far], { stepMs: 86_400_000 }).at(-1)).toBe('a: 1, number 1');
  });

  it('are refused beyond a bound, by name', () => {
    const words = said([arrival('a', 10), arrival('b', 11), arrival('a', 12)], { mostSubjects: 1 });
    expect(words).toEqual(['a: 1, number 1', 'refused: too-many-subjects', 'a: 1, number 2']);
  });

  it('are not made silent by one wrong clock, while two that agree are believed', () => {
    const year = 365 * 86_400_000;
    expect(said([arrival('a', 10), arrival('a', year), arrival('a', 50)])).toEqual([
      'a: 1, number 1',
      'refused: clock-jump',
      'a: 1, number 2',
    ]);
    const after = said([arrival('a', 10), arrival('a', year), arrival('a', year + 1)], { stepMs: 86_400_000 });
    expect(after.filter((words) => !words.includes('at'))).toEqual([
      'a: 1, number 1',
      'refused: clock-jump',
      'a: 1, number 1',
    ]);
  });

  it('are never made of nobody', () => {
    const nobody = { event: {}, arrivedMs: 10 } as unknown as Arrival;
    expect(said([nobody, undefined as unknown as Arrival, { clockMs: 100 }])).toEqual([
      'refused: malformed',
      'refused: malformed',
    ]);
  });

  it('never hear of an input without a time', () => {
    const noTime = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((at) => arrival('a', at));
    expect(said([arrival('a', 10), ...noTime])).toEqual(['a: 1, number 1', ...noTime.map(() => 'refused: clock-jump')]);
  });

  it('pass on what was no event', () => {
    expect(said([{ refused: 'malformed', arrivedMs: 5 }])).toEqual(['refused: malformed']);
  });

  it('go on from a copy of their state as if nothing had been', () => {
    const all = subjects(echo, { stepMs: 100, isNothing: () => false });
    const before = all.step(all.init(), arrival('a', 10))[0];
    const copy = structuredClone(before);
    expect(all.step(copy, arrival('a', 250))[1]).toEqual(all.step(before, arrival('a', 250))[1]);
  });
});
