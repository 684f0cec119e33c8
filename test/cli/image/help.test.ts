import { describe, expect, it } from 'vitest';
import { consilience } from '../cli.ts';

describe('help of consilience image', () => {
  it('names its commands', async () => {
    const { code, stdout, stderr } = await consilience(['image', '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of ['info', 'view', 'register', 'resample', 'harmonize']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    }
  });

  it.each([
    ['info', ['<image...>', '--series', '--personal', '--json']],
    ['view', ['<image> [other]', '--out', '--as', '--plane', '--slices', '--window', '--series', '--part', '--force']],
    ['register', ['<fixed> <moving>', '--transform', '--out', '--metric', '--start', '--seed', '--accept']],
    ['resample', ['<image>', '--like', '--spacing', '--transform', '--interpolation', '--series', '--part', '--out']],
    ['harmonize', ['--method', '--train', '--apply', '--out', '--mask', '--beside', '--save', '--with']],
  ])('of %s names its options and gives an example', async (command, words) => {
    const { code, stdout, stderr } = await consilience(['image', command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`Examples?: consilience image ${command} `));
    for (const word of words) expect(stdout).toContain(word);
  });
});
