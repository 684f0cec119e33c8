/** The gallery: each example runs as a reader would run it and prints what the file beside it says. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { filesIn, read, root } from './structure/sources.ts';

const examples = filesIn('examples').filter((path) => path.endsWith('.mjs'));

/** A changed file is a change that users see: update it with `-u` and look at the difference. */
describe.each(examples)('%s', (path) => {
  it('prints what stands beside it', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [path], { cwd: root });
    await expect(stdout).toMatchFileSnapshot(`../${path.replace(/\.mjs$/, '.txt')}`);
  });

  it('is short, uses the public door only, and has its line in the list', () => {
    const source = read(path);
    expect(source.trimEnd().split('\n').length).toBeLessThan(40);
    expect([...source.matchAll(/from '([^']+)'/g)].map(([, module]) => module)).toEqual(['consilience']);
    expect(read('examples/README.md')).toContain(`](${path.replace('examples/', '')})`);
  });
});

it('are several', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4);
});
