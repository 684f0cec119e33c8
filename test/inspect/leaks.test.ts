import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { suspectedLeaks } from '../../src/inspect/leaks.ts';
import { auroc } from '../../src/score/auroc.ts';
import { blockOf, targetOf } from './worlds.ts';

const draw = random(6);
const labels = Array.from({ length: 80 }, (_, i) => i % 2);
const target = targetOf(labels);

describe('suspected leaks', () => {
  it('are columns that tell the class, whichever way they point, with their AUROC', () => {
    const up = labels.map((label) => 6 * label + draw.normal());
    const noise = labels.map(() => draw.normal());
    const some = labels.map((label) => label + draw.normal());
    const down = up.map((value) => -value);
    const leaks = suspectedLeaks([blockOf('x', { noise, up, some, down })], target);
    expect(leaks.map(({ feature }) => feature)).toEqual(['up', 'down']);
    expect(leaks[0]).toMatchObject({ class: 'ill', by: 'value', n: 80 });
    expect(leaks[0].auroc).toBeCloseTo(auroc(up, labels) as number, 12);
  });

  it('are columns that only one class has a value in', () => {
    const gap = labels.map((label) => (label ? draw.normal() : null));
    const full = labels.map(() => draw.normal());
    expect(suspectedLeaks([blockOf('x', { gap, full })], target)).toMatchObject([
      { feature: 'gap', by: 'missingness' },
    ]);
  });

  it('are nominal columns by their levels, in any order', () => {
    const level = labels.map((label, i) => [1, 0][label] + (i % 4 === 0 ? 2 : 0));
    expect(suspectedLeaks([blockOf('x', { level }, 'nominal')], target)).toMatchObject([
      { feature: 'level', auroc: 1 },
    ]);
  });

  it('are not what luck separates among many columns of few subjects', () => {
    const few = targetOf(Array.from({ length: 12 }, (_, i) => i % 2));
    const columns = Array.from({ length: 3000 }, (_, j) =>
      [`g${j}`, few.labels].map((part, at) => (at ? Array.from({ length: 12 }, () => draw.normal()) : part)),
    );
    expect(suspectedLeaks([blockOf('x', Object.fromEntries(columns))], few)).toEqual([]);
  });

  it('are told for each class of several', () => {
    const three = targetOf(
      Array.from({ length: 90 }, (_, i) => i % 3),
      ['a', 'b', 'c'],
    );
    const column = Array.from(three.labels, (label) => (label === 2 ? 5 : 0) + draw.normal() / 10);
    expect(suspectedLeaks([blockOf('x', { column })], three)).toMatchObject([{ class: 'c' }]);
  });
});
