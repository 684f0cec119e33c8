/** Places that cannot be written. Root may write everywhere, so where tests run as root they become somebody else for a while. */
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkFolder } from '../../cli/output-folder.ts';
import { replaceFile } from '../../cli/replace-file.ts';
import { InputError } from '../../src/errors.ts';
import { writeAll } from '../../src/report/write.node.ts';
import { folderWith } from '../study/small-study.ts';

const nobody = 65534;

function withoutPrivileges(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.(nobody);
  onTestFinished(() => process.seteuid?.(0));
}

/** A folder that only its owner may write, and in it one that everybody may. */
function nested(): { readonly closed: string; readonly open: string } {
  const closed = folderWith({});
  const open = join(closed, 'out');
  mkdirSync(open);
  chmodSync(open, 0o777);
  chmodSync(closed, 0o555);
  onTestFinished(() => chmodSync(closed, 0o755));
  return { closed, open };
}

async function refusal(work: () => Promise<unknown>): Promise<string> {
  const error: unknown = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe.skipIf(process.platform === 'win32')('where the system does not let it', () => {
  it('writeAll and replaceFile write into a folder of which nothing around is writable', async () => {
    const { open } = nested();
    withoutPrivileges();
    checkFolder(open);
    expect(await writeAll(open, { 'a.txt': 'a' })).toEqual([join(open, 'a.txt')]);
    await replaceFile(join(open, 'b.txt'), 'b');
    expect(readdirSync(open).sort()).toEqual(['a.txt', 'b.txt']);
    expect(readFileSync(join(open, 'a.txt'), 'utf8')).toBe('a');
  });

  it('say where and what, as a fault of the place and not of the program', async () => {
    const { closed } = nested();
    withoutPrivileges();
    const denied = /^(.*): cannot be written, expected .* that can be written, got EACCES: permission denied, /;
    const messages = [
      await refusal(() => writeAll(closed, { 'a.txt': 'a' })),
      await refusal(() => writeAll(join(closed, 'new'), { 'a.txt': 'a' })),
      await refusal(() => replaceFile(join(closed, 'a.txt'), 'a')),
    ];
    expect(messages.map((message) => denied.exec(message)?.[1])).toEqual([
      closed,
      join(closed, 'new'),
      join(closed, 'a.txt'),
    ]);
    expect(() => checkFolder(closed)).toThrow(/^--out .*: cannot write there: EACCES: permission denied, /);
    expect(readdirSync(closed)).toEqual(['out']);
  });
});

it('writeAll leaves the folder as it was where a file cannot be put in its place', async () => {
  const folder = folderWith({ 'a.txt/mine': 'mine', 'b.txt': 'old' });
  expect(await refusal(() => writeAll(folder, { 'a.txt': 'a', 'b.txt': 'b' }))).toMatch(/: cannot be written, /);
  expect(readdirSync(folder).sort()).toEqual(['a.txt', 'b.txt']);
  expect(readFileSync(join(folder, 'b.txt'), 'utf8')).toBe('old');
});

it('writeAll leaves no new folder behind where nothing could be written', async () => {
  const folder = folderWith({});
  expect(await refusal(() => writeAll(join(folder, 'new'), { ['x'.repeat(300)]: 'a' }))).toMatch(/ENAMETOOLONG/);
  expect(readdirSync(folder)).toEqual([]);
});

it('replaceFile takes a name as long as the system does', async () => {
  const folder = folderWith({});
  const name = 'x'.repeat(255);
  await replaceFile(join(folder, name), 'whole');
  expect(readdirSync(folder)).toEqual([name]);
});
