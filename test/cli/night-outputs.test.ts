import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderWith } from '../study/small-study.ts';
import { consilience } from './cli.ts';

it('night refuses, before any work, to replace results that are not of nights', async () => {
  const theirs = '{"kind":"comparison","version":1}';
  const folder = folderWith({ 'results.json': theirs });
  const { code, stdout, stderr } = await consilience(['night', '--nights', '20', '-o', '.'], { cwd: folder });
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: results.json: is there and holds no consilience-nights of ours, expected another folder, or that file moved away\n',
  });
  expect(readFileSync(join(folder, 'results.json'), 'utf8')).toBe(theirs);
});
