/**
 * Finished folds of a comparison on disk, so that an interrupted one goes on where it stood: an entry is a file named by
 * the fold's key (see `fold-key.node.ts`), written under another name and then renamed. Outcomes are patient data: the
 * folder is closed to others (0700), its files too (0600), and a folder of another user is not used, since a checksum
 * detects damage, not forgery.
 */
import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FoldOutcome } from '../evaluate/fold.ts';
import { encodeEntry, readEntry } from './fold-entry.node.ts';

/** How a cache stands. Results do not depend on it. */
export interface FoldCacheStatus {
  readonly folds: number;
  /** Folds taken over from an earlier run. */
  readonly resumed: number;
  /** Folds of this run that lie in the cache now, those taken over included. */
  readonly kept: number;
  /** What went wrong since the last status, in words; the comparison goes on without what is lost. */
  readonly trouble?: string;
}

export interface FoldCacheOptions {
  /** The most that the folder may hold, in bytes. Default 1 GiB. */
  readonly mostBytes?: number;
  readonly status?: (status: FoldCacheStatus) => void;
}

export interface FoldCache {
  /** What an earlier run left of these folds, by the fold's position. */
  readonly outcomes: readonly (FoldOutcome | undefined)[];
  /** Keeps a finished fold, in the order of the calls; never fails: what cannot be written is told as trouble. */
  keep(at: number, outcome: FoldOutcome): Promise<void>;
  /** Resolves when all that was to be kept is on disk. */
  settled(): Promise<void>;
  /** After the last fold: removes what belongs to no fold of this run. */
  sweep(): Promise<void>;
}

interface Entry {
  readonly size: number; // bytes
  readonly mtimeMs: number;
}

const fileName = /^([0-9a-f]{64})\.fold(\.[\w-]+\.tmp)?$/;

export async function openFoldCache(
  folder: string,
  keys: readonly string[],
  { mostBytes = 2 ** 30, status }: FoldCacheOptions = {},
): Promise<FoldCache> {
  const outcomes: (FoldOutcome | undefined)[] = keys.map(() => undefined);
  const own = new Set(keys.map(nameOf));
  let files = new Map<string, Entry>();
  let used = 0;
  let kept = 0;
  let resumed = 0;
  let on = true;
  let ready = false; // the folder is there and ours
  let full = false;
  let last: Promise<void> = Promise.resolve();
  const tell = (trouble?: string) =>
    status?.({ folds: keys.length, resumed, kept, ...(trouble !== undefined && { trouble }) });

  try {
    ready = await isOurs(folder);
    if (ready) files = await entriesOf(folder);
    used = [...files.values()].reduce((sum, { size }) => sum + size, 0);
  } catch (error) {
    turnOff(error);
  }
  const damaged: string[] = [];
  for (const [at, key] of keys.entries()) {
    const file = files.get(nameOf(key));
    if (!file || file.size > mostBytes) continue;
    outcomes[at] = await readEntry(join(folder, nameOf(key)), key);
    if (outcomes[at]) resumed++;
    else damaged.push(key);
  }
  kept = resumed;
  if (damaged.length > 0) {
    const what = damaged.length === 1 ? '1 kept fold is' : `${damaged.length} kept folds are`;
    tell(`${what} damaged or of another format, and computed again`);
  } else if (resumed > 0) tell();

  return {
    outcomes,
    keep(at, outcome) {
      last = last.then(() => write(keys[at], outcome));
      return last;
    },
    settled: () => last,
    async sweep() {
      await last;
      if (!on || !ready) return;
      const found = await entriesOf(folder).catch(() => new Map<string, Entry>());
      await remove([...found.keys()].filter((name) => !own.has(name)));
    },
  };

  function turnOff(error: unknown): void {
    on = false;
    tell(`finished folds are not kept: ${(error as Error).message}`);
  }

  async function write(key: string, outcome: FoldOutcome): Promise<void> {
    if (!on) return;
    const name = nameOf(key);
    const draft = join(folder, `${name}.${randomUUID()}.tmp`);
    try {
      const bytes = encodeEntry(key, outcome);
      if (!(await makeRoom(bytes.length - (files.get(name)?.size ?? 0)))) {
        if (!full) tell(`further folds are not kept: ${folder} is full (${mostBytes} bytes)`);
        full = true;
        return;
      }
      if (!ready) await makeFolder(folder);
      ready = true;
      await writeFile(draft, bytes, { mode: 0o600, flag: 'wx' });
      await rename(draft, join(folder, name));
      used += bytes.length - (files.get(name)?.size ?? 0);
      files.set(name, { size: bytes.length, mtimeMs: Number.POSITIVE_INFINITY });
      kept++;
      tell();
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      turnOff(error);
    }
  }

  /** Whether so many more bytes find room, perhaps after the oldest entries of other runs are gone. */
  async function makeRoom(bytes: number): Promise<boolean> {
    if (used + bytes <= mostBytes) return true;
    const others = [...files].filter(([name]) => !own.has(name)).sort(([, a], [, b]) => a.mtimeMs - b.mtimeMs);
    for (const [name] of others) {
      if (used + bytes <= mostBytes) break;
      await remove([name]);
    }
    return used + bytes <= mostBytes;
  }

  async function remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await rm(join(folder, name), { force: true }).catch(() => undefined); // another run may be at it
      used -= files.get(name)?.size ?? 0;
      files.delete(name);
    }
  }
}

function nameOf(key: string): string {
  return `${key}.fold`;
}

/** Whether the folder is there; closes it to others. @throws Error where it is not a folder of this user */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return false;
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
  const user = process.getuid?.(); // not on Windows, where modes mean nothing
  if (user === undefined) return true;
  if (found.uid !== user) throw new Error(`${folder} belongs to another user`);
  if ((found.mode & 0o777) !== 0o700) await chmod(folder, 0o700);
  return true;
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await isOurs(folder); // another run may have made it, or somebody else
}

/** Entries and what kills left of them; other files in the folder are not touched. */
async function entriesOf(folder: string): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !fileName.test(entry.name)) continue;
    const about = await stat(join(folder, entry.name)).catch(() => undefined);
    if (about) found.set(entry.name, { size: about.size, mtimeMs: about.mtimeMs });
  }
  return found;
}
