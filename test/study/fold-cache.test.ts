import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FoldOutcome } from '../../src/evaluate/fold.ts';
import { type FoldCacheOptions, type FoldCacheStatus, openFoldCache } from '../../src/study/fold-cache.node.ts';
import { folderWith } from './small-study.ts';

const keyOf = (sign: string) => sign.repeat(64);
const keys = ['a', 'b', 'c'].map(keyOf);
/** Fields of any name: the cache looks at none of them. */
const outcome = (fold: number, length = 4) =>
  ({
    repeat: 1,
    fold,
    test: Int32Array.of(3, 1),
    strategies: [
      { name: 'ü', said: Float64Array.from({ length }, (_, i) => fold + i / 7), figures: { worst: Number.NaN } },
    ],
  }) as unknown as FoldOutcome;

async function open(folder: string, own: readonly string[] = keys, options: FoldCacheOptions = {}) {
  const told: FoldCacheStatus[] = [];
  const cache = await openFoldCache(folder, own, { ...options, status: (status) => told.push(status) });
  return { cache, told };
}

/** A cache with all three folds in it. */
async function filled(): Promise<string> {
  const folder = join(folderWith({}), 'out', '.consilience');
  const { cache } = await open(folder);
  for (const at of keys.keys()) await cache.keep(at, outcome(at));
  return folder;
}

const entry = (folder: string, key = keys[0]) => join(folder, `${key}.fold`);
const posix = process.platform !== 'win32';

describe('the cache of folds', () => {
  it('gives back what was kept, and says how much that is', async () => {
    const folder = await filled();
    const { cache, told } = await open(folder);
    expect(cache.outcomes).toStrictEqual([outcome(0), outcome(1), outcome(2)]);
    expect(told).toEqual([{ folds: 3, resumed: 3, kept: 3 }]);
  });

  it('makes no folder before there is something to keep, and counts what it keeps', async () => {
    const folder = join(folderWith({}), 'out', '.consilience');
    const { cache, told } = await open(folder);
    await cache.settled();
    await cache.sweep();
    expect(cache.outcomes).toEqual([undefined, undefined, undefined]);
    expect(readdirSync(join(folder, '../..'))).toEqual([]);
    await cache.keep(1, outcome(1));
    expect(told).toEqual([{ folds: 3, resumed: 0, kept: 1 }]);
    expect(readdirSync(folder)).toEqual([`${keys[1]}.fold`]);
  });

  it.runIf(posix)('is closed to others, and closes a folder that is open', async () => {
    const folder = await filled();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(entry(folder)).mode & 0o777).toBe(0o600);
    chmodSync(folder, 0o755);
    await open(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('takes no entry with a changed or missing byte, wherever it is', async () => {
    const folder = await filled();
    const whole = readFileSync(entry(folder));
    const damage: [string, Buffer][] = [
      ['empty', Buffer.alloc(0)],
      ['cut', whole.subarray(0, -1)],
      ['longer', Buffer.concat([whole, Buffer.of(0)])],
    ];
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= 1;
      damage.push([`byte ${at}`, changed]);
    }
    for (const [what, bytes] of damage) {
      writeFileSync(entry(folder), bytes);
      const { cache, told } = await open(folder);
      expect([what, cache.outcomes[0]]).toEqual([what, undefined]);
      expect(cache.outcomes[1]).toStrictEqual(outcome(1));
      const trouble = '1 kept fold is damaged or of another format, and computed again';
      expect(told).toEqual([{ folds: 3, resumed: 2, kept: 2, trouble }]);
    }
    const { cache } = await open(folder);
    await cache.keep(0, outcome(0));
    expect((await open(folder)).cache.outcomes[0]).toStrictEqual(outcome(0));
  });

  it('takes no entry of a newer format, and none that stands under the name of another fold', async () => {
    const folder = await filled();
    const whole = readFileSync(entry(folder), 'latin1');
    writeFileSync(entry(folder), whole.replace('"version":1', '"version":2'), 'latin1');
    writeFileSync(entry(folder, keys[1]), readFileSync(entry(folder, keys[2])));
    const { cache, told } = await open(folder);
    expect(cache.outcomes).toStrictEqual([undefined, undefined, outcome(2)]);
    expect(told[0].trouble).toBe('2 kept folds are damaged or of another format, and computed again');
  });

  it('removes after the last fold what belongs to none, also what a kill left, but no file of others', async () => {
    const folder = await filled();
    writeFileSync(join(folder, `${keys[0]}.fold.0-1.tmp`), 'half');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const own = [keys[1], keyOf('d')];
    const { cache } = await open(folder, own);
    expect(cache.outcomes).toStrictEqual([outcome(1), undefined]);
    await cache.keep(1, outcome(7));
    expect(readdirSync(folder)).toHaveLength(6);
    await cache.sweep();
    expect(readdirSync(folder).sort()).toEqual([`${keys[1]}.fold`, `${keyOf('d')}.fold`, 'notes.txt']);
  });

  it('holds no more bytes than it may: the oldest of other runs go first, then nothing more is kept', async () => {
    const folder = await filled();
    const { size } = statSync(entry(folder));
    keys.forEach((key, at) => utimesSync(entry(folder, key), 1000 + at, 1000 + at));
    const own = ['d', 'e', 'f', '0'].map(keyOf);
    const { cache, told } = await open(folder, own, { mostBytes: 3 * size + 2 });
    await cache.keep(0, outcome(0));
    expect(readdirSync(folder).sort()).toEqual([keys[1], keys[2], own[0]].map((key) => `${key}.fold`));
    for (const at of [1, 2, 3]) await cache.keep(at, outcome(at));
    expect(readdirSync(folder).sort()).toEqual(own.slice(0, 3).map((key) => `${key}.fold`));
    expect(told.map(({ kept, trouble }) => [kept, trouble])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, undefined],
      [3, `further folds are not kept: ${folder} is full (${3 * size + 2} bytes)`],
    ]);
  });

  it.each([
    ['is a file', (path: string) => writeFileSync(path, 'mine'), /is not a folder$/],
    ['is a link to a folder', (path: string) => symlinkSync(folderWith({}), path), /is not a folder$/],
    ['lies below a file', (path: string) => writeFileSync(join(path, '../..', 'out'), 'mine'), /ENOTDIR/],
  ])('does without a folder that %s, and says so once', async (name, make, message) => {
    const root = folderWith(name === 'lies below a file' ? {} : { 'out/x': '' });
    const folder = join(root, 'out', '.consilience');
    make(folder);
    const { cache, told } = await open(folder);
    for (const at of keys.keys()) await cache.keep(at, outcome(at));
    await cache.sweep();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ folds: 3, resumed: 0, kept: 0 });
    expect(told[0].trouble).toMatch(message);
  });

  it('stops keeping where writing fails in the middle, and leaves no half file', async () => {
    const folder = await filled();
    const { cache, told } = await open(folder, [keyOf('d'), keyOf('e')]);
    const odd = { ...outcome(0), late: () => 1 } as unknown as FoldOutcome;
    await cache.keep(0, odd);
    await cache.keep(1, outcome(1));
    expect(told).toEqual([
      { folds: 2, resumed: 0, kept: 0, trouble: 'finished folds are not kept: internal: not plain data: function' },
    ]);
    expect(readdirSync(folder).sort()).toEqual(keys.map((key) => `${key}.fold`));
  });
});
