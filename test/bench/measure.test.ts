import { platform } from 'node:process';
import { describe, expect, it } from 'vitest';
import { root } from '../structure/sources.ts';

const { measure, median, medianCost } = await import(`${root}bench/measure.mjs`);
const { table } = await import(`${root}bench/table.mjs`);

const megabytes = 200;
const held = `const a = Buffer.alloc(${megabytes}e6, 1); setTimeout(() => console.log(a.length), 300)`;
const child = `require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(held)}], { stdio: 'inherit' })`;

describe('a measured process', () => {
  it('is waited for, and what it printed returned', async () => {
    const { wallSeconds, stdout } = await measure(process.execPath, ['-e', 'setTimeout(() => console.log(5), 200)']);
    expect(stdout).toBe('5\n');
    expect(wallSeconds).toBeGreaterThan(0.2);
  });

  it.runIf(platform === 'linux')('counts the memory of processes it started', async () => {
    const { peakBytes, userSeconds } = await measure(process.execPath, ['-e', child]);
    expect(peakBytes).toBeGreaterThan(megabytes * 1e6);
    expect(userSeconds).toBeGreaterThan(0);
  });

  it('that fails says so, with what it wrote to stderr', async () => {
    await expect(measure(process.execPath, ['-e', 'console.error("no luck"); process.exit(3)'])).rejects.toThrow(
      /ended with 3\nno luck/,
    );
  });
});

it('the median of runs is of each figure by itself, and unknown where one is', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  const run = (wallSeconds: number, userSeconds: number | null) => ({ wallSeconds, userSeconds, peakBytes: 1 });
  expect(medianCost([run(1, 30), run(2, 10), run(3, 20)])).toEqual(run(2, 20));
  expect(medianCost([run(1, null), run(2, 10)]).userSeconds).toBeNull();
});

it('a table has numbers to the right and text to the left', () => {
  expect(
    table(
      ['what', 'time'],
      [
        ['ours', '4.2 s'],
        ['theirs', '15.7 s'],
      ],
    ),
  ).toBe(['what      time', '──────────────', 'ours     4.2 s', 'theirs  15.7 s'].join('\n'));
});
