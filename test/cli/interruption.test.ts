/** A comparison that is killed, or interrupted, and run again: the same bytes as one that was left in peace. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { folderWith, smallFiles, study } from '../study/small-study.ts';
import { consilience, program } from './cli.ts';

const folds = 150;
const files = smallFiles({ 'study.yaml': study({ protocol: `{ folds: 5, repeats: ${folds / 5}, inner: 3 }` }) });
const posix = process.platform !== 'win32';

const cacheOf = (folder: string) => join(folder, 'out', '.consilience');
const keptIn = (folder: string) => (existsSync(cacheOf(folder)) ? readdirSync(cacheOf(folder)) : []);
const whole = (names: readonly string[]) => names.filter((name) => name.endsWith('.fold'));

/** What a run wrote, byte for byte, but for how long it took. */
function written(folder: string): { readonly results: string; readonly predictions: string } {
  const results = readFileSync(join(folder, 'out', 'results.json'), 'utf8');
  const timeless = JSON.parse(results, (key, value) => (key === 'latencyMs' ? 0 : value));
  return {
    results: JSON.stringify(timeless),
    predictions: readFileSync(join(folder, 'out', 'predictions.csv'), 'utf8'),
  };
}

const run = (folder: string, ...more: string[]) =>
  consilience(['compare', 'study.yaml', '-o', 'out', ...more], { cwd: folder });

const peaceful = new Map<string, ReturnType<typeof written>>();

/** What a run without interruption and without cache writes; run once for each number of jobs. */
async function undisturbed(jobs = '1') {
  const folder = folderWith(files);
  if (!peaceful.has(jobs)) {
    const { code } = await run(folder, '--no-cache', '--jobs', jobs);
    expect(code).toBe(0);
    peaceful.set(jobs, written(folder));
  }
  return peaceful.get(jobs);
}

interface Moment {
  readonly jobs: string;
  /** Folds that are kept by then. */
  readonly after: number;
  /** What has gone by since. */
  readonly milliseconds: number;
}

/** Starts a comparison and sends it a signal at that moment. */
async function struck(folder: string, name: NodeJS.Signals, { jobs, after, milliseconds }: Moment) {
  const child = spawn(process.execPath, [program, 'compare', 'study.yaml', '-o', 'out', '--json', '--jobs', jobs], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, ended] = [text(child.stdout), text(child.stderr), once(child, 'close')];
  while (child.exitCode === null && whole(keptIn(folder)).length < after) await sleep(2);
  await sleep(milliseconds);
  child.kill(name);
  const [code, signal] = await ended;
  return { code, signal, stdout: await stdout, stderr: await stderr };
}

const sigkilled = { code: null, signal: 'SIGKILL', stdout: '' };

const draw = random(20);

describe('a compare killed at a random moment', () => {
  const moments = ['1', '2', '1'].map((jobs) => ({
    jobs,
    after: draw.integer(Math.floor(folds / 2)),
    milliseconds: draw.integer(25),
  }));

  it.runIf(posix).each(moments)(
    'and run again writes the bytes of one left in peace: $jobs jobs, after $after folds and $milliseconds ms',
    async (moment) => {
      const { jobs, after } = moment;
      const folder = folderWith(files);
      expect(await struck(folder, 'SIGKILL', moment)).toMatchObject(sigkilled);
      expect(readdirSync(join(folder, 'out')).filter((name) => name !== '.consilience')).toEqual([]);
      const kept = whole(keptIn(folder)).length;
      expect(kept).toBeGreaterThanOrEqual(after);

      const { code, stderr } = await run(folder, '--jobs', jobs === '1' ? '2' : '1');
      expect(code).toBe(0);
      expect(stderr).toContain(`\nresumed ${kept} of ${folds} folds\n`);
      expect(written(folder)).toEqual(await undisturbed(jobs));
      expect(keptIn(folder)).toEqual(whole(keptIn(folder)));
      expect(keptIn(folder)).toHaveLength(folds);
    },
  );

  it.runIf(posix)('and killed again, and again, comes to the same end', async () => {
    const folder = folderWith(files);
    for (const after of [7, 29, 54]) {
      const moment = { jobs: '2', after, milliseconds: draw.integer(10) };
      expect(await struck(folder, 'SIGKILL', moment)).toMatchObject(sigkilled);
    }
    const { code } = await run(folder, '--jobs', '2');
    expect(code).toBe(0);
    expect(written(folder)).toEqual(await undisturbed());
  });
});

describe('a compare interrupted', () => {
  it.runIf(posix).each(['1', '2'])('by Ctrl-C with %s jobs says what is kept, and goes on from there', async (jobs) => {
    const folder = folderWith(files);
    const ended = await struck(folder, 'SIGINT', { jobs, after: 5, milliseconds: draw.integer(10) });
    expect(ended).toMatchObject({ code: 130, signal: null, stdout: '' });
    const kept = keptIn(folder).length;
    expect(keptIn(folder)).toEqual(whole(keptIn(folder)));
    expect(ended.stderr.split('\n').at(-2)).toBe(
      `interrupted; ${kept} of ${folds} folds are kept in ${join('out', '.consilience')}, the same command goes on from there`,
    );
    expect(readdirSync(join(folder, 'out'))).toEqual(['.consilience']);

    const { code, stderr } = await run(folder, '--jobs', jobs);
    expect(code).toBe(0);
    expect(stderr).toContain(`\nresumed ${kept} of ${folds} folds\n`);
    expect(written(folder)).toEqual(await undisturbed());
  });

  it.runIf(posix).each([
    ['SIGINT', '1'],
    ['SIGINT', '2'],
    ['SIGTERM', '2'],
  ] as const)('by %s with %s jobs and --no-cache exits 130 and leaves nothing behind', async (name, jobs) => {
    const long = study({ protocol: '{ folds: 5, repeats: 2000, inner: 3 }' });
    const folder = folderWith({ ...files, 'study.yaml': long });
    const before = readdirSync(folder);
    const args = ['compare', 'study.yaml', '-o', 'out', '--json', '--no-cache', '--jobs', jobs];
    const ended = await consilience(args, { cwd: folder, signal: { name, after: '40 subjects' } });
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 130, stdout: '' });
    expect(ended.stderr).toMatch(/\ninterrupted; nothing was written\n$/);
    expect(readdirSync(folder)).toEqual(before);
    expect(readdirSync(dirname(folder)).filter((one) => one.startsWith('.consilience-'))).toEqual([]);
  });
});

describe('the cache of a compare', () => {
  it('lies in the output folder, closed to others, and makes a second run repeat the first to the byte', async () => {
    const folder = folderWith(smallFiles());
    await run(folder);
    if (posix) expect(statSync(cacheOf(folder)).mode & 0o777).toBe(0o700);
    const results = readFileSync(join(folder, 'out', 'results.json'));
    const { code, stderr } = await run(folder);
    expect(code).toBe(0);
    expect(stderr).toContain('\nresumed 3 of 3 folds\n');
    expect(readFileSync(join(folder, 'out', 'results.json')).equals(results)).toBe(true);
  });

  it('holds the folds of the last run only, and lies in the default folder where none is given', async () => {
    const folder = folderWith(smallFiles());
    const cache = join(folder, 'consilience-out', 'study', '.consilience');
    await consilience(['compare', 'study.yaml'], { cwd: folder });
    const first = readdirSync(cache);
    const { stderr } = await consilience(['compare', 'study.yaml', '--seed', '1'], { cwd: folder });
    expect(stderr).not.toContain('resumed');
    expect(first).toHaveLength(3);
    expect(readdirSync(cache)).toHaveLength(3);
    expect(readdirSync(cache).filter((name) => first.includes(name))).toEqual([]);
  });

  it('is neither read nor written with --no-cache', async () => {
    const folder = folderWith(smallFiles());
    await run(folder, '--no-cache');
    expect(existsSync(cacheOf(folder))).toBe(false);
    await run(folder);
    const state = () => keptIn(folder).map((name) => [name, statSync(join(cacheOf(folder), name)).mtimeMs]);
    const before = state();
    const { code, stderr } = await run(folder, '--no-cache', '--seed', '1');
    expect(code).toBe(0);
    expect(stderr).not.toContain('resumed');
    expect(state()).toEqual(before);
  });

  it('is not needed: damage, or a place where it cannot be, is told and changes no figure', async () => {
    const folder = folderWith(smallFiles());
    await run(folder);
    const plain = written(folder);
    const [one, other] = keptIn(folder);
    writeFileSync(join(cacheOf(folder), one), '');
    writeFileSync(join(cacheOf(folder), other), readFileSync(join(cacheOf(folder), other)).subarray(0, -9));
    const mended = await run(folder);
    expect(mended.code).toBe(0);
    expect(mended.stderr).toContain('\n2 kept folds are damaged or of another format, and computed again\n');
    expect(mended.stderr).toContain('\nresumed 1 of 3 folds\n');
    expect(written(folder)).toEqual(plain);

    const taken = folderWith(smallFiles({ 'out/.consilience': 'mine' }));
    const without = await run(taken);
    expect(without.code).toBe(0);
    expect(without.stderr).toMatch(/\nfinished folds are not kept: .* is not a folder\n/);
    expect(written(taken)).toEqual(plain);
    expect(readFileSync(cacheOf(taken), 'utf8')).toBe('mine');
  });
});
