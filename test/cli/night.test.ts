/** Few nights, so that it is a matter of seconds; what they show is told elsewhere. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { consilience, type Ended } from './cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'night-'));
const night = (...args: string[]) => consilience(['night', ...args], { cwd });
const few = ['--nights', '20', '--seed', '5'];
const written = (folder: string, file: string) => readFileSync(join(cwd, folder, file), 'utf8');

let one: Ended;
let many: Ended;

beforeAll(async () => {
  one = await night(...few, '-o', 'one', '--jobs', '1');
  many = await night(...few, '-o', 'many', '--jobs', '99999', '--json'); // as many as there are cores
}, 120_000);

describe('night', () => {
  it('writes a report and results, and prints a table', () => {
    expect(one).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^20 simulated nights of 2 people, \d+ events; /),
    });
    expect(one.stdout).toContain('Simulated people. Research use, not a medical device.');
    expect(readdirSync(join(cwd, 'one')).sort()).toEqual(['report.html', 'results.json']);
    expect(one.stderr).toContain('nights: 90 %');
  });

  it('writes the same bytes whatever the number of threads, and prints what it wrote with --json', () => {
    expect(many.code).toBe(0);
    expect(many.stdout).toBe(written('many', 'results.json'));
    for (const file of ['results.json', 'report.html']) expect(written('many', file)).toBe(written('one', file));
  });

  it('says why where there is no figure, and shows a dash for it', () => {
    const results = JSON.parse(written('one', 'results.json'));
    const figures: { value: unknown; low: unknown; high: unknown; why?: string }[] = [];
    JSON.stringify(results, (_, value) => {
      if (value !== null && typeof value === 'object' && 'low' in value && 'of' in value) figures.push(value);
      return value;
    });
    expect(figures.length).toBeGreaterThan(100);
    for (const { value, low, high, why } of figures) {
      expect(low === null).toBe(high === null);
      if (value === null || low === null) expect(why).toMatch(/./);
    }
    for (const text of [one.stdout, written('one', 'report.html')]) expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('claims no difference between strategies from two people', () => {
    expect(one.stdout).not.toMatch(/caught (more|fewer) events/);
    for (const { differences } of JSON.parse(written('one', 'results.json')).modes) {
      for (const { figures } of differences) {
        expect(figures.caught.low).toBeNull();
        expect(figures.caught.why).toMatch(/^no interval: /);
      }
    }
  });

  it('keeps all panels of a night in step: they scroll as one', () => {
    const page = written('one', 'report.html');
    const nights = page.match(/<div class="scroll wide"/g) ?? [];
    expect(nights.length).toBe(page.match(/<figcaption><b>p\d+-n\d+\./g)?.length);
  });

  it.each([
    [['--nights', '19'], /^error: nights: unusable, expected 20 to 100000, got 19\n/],
    [['--nights', 'many'], /^error: option '-n, --nights <n>' argument 'many' is invalid/],
    [['--effect', '9'], /heartRateEffect: out of range, expected a number from 0 to 4, got 9\n$/],
    [['--budget', '-1'], /^error: option '--budget <n>' argument '-1' is invalid/],
    [['--jobs', '0'], /^error: option '--jobs <n>' argument '0' is invalid/],
    [['-o', 'file'], /^error: --out file: file is a file, expected a folder, or a name that is free\n$/],
  ])('refuses %j and writes nothing', async (args, message) => {
    writeFileSync(join(cwd, 'file'), '');
    const { code, stdout, stderr } = await night('-o', 'refused', ...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });

  it.runIf(process.platform !== 'win32')(
    'ends with 130 when interrupted, and has written nothing',
    async () => {
      const signal = { name: 'SIGINT', after: 'nights: 10 %' } as const;
      const { code, stdout, stderr } = await consilience(['night', '--nights', '60', '-o', 'cut'], { cwd, signal });
      expect(code).toBe(130);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/interrupted; nothing was written\n$/);
      expect(existsSync(join(cwd, 'cut'))).toBe(false);
    },
    60_000,
  );
});
