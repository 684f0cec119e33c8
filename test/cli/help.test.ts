import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consilience } from './cli.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('help', () => {
  it('of the program names its commands, its exit codes and what it is not', async () => {
    const { code, stdout, stderr } = await consilience(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const words of [
      'demo',
      'compare',
      'inspect',
      'init',
      'fit',
      'predict',
      'report',
      'Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.',
    ]) {
      expect(stdout).toContain(words);
    }
    expect(stdout.replace(/\s+/g, ' ')).toContain('Research use, not a medical device.');
  });

  it.each([
    ['demo', ['--out', '--json', '--seed', '--jobs']],
    ['compare', ['<study>', '--out', '--json', '--seed', '--jobs', 'Example: consilience compare']],
    ['inspect', ['<study>', '--out', '--json', 'Example: consilience inspect']],
    ['init', ['<dir>', '--target', '--force', 'Example: consilience init']],
    ['fit', ['<study>', '--strategy', '--out', '--seed', '--json', '--force', 'Example: consilience fit']],
    ['predict', ['<model>', '<data...>', '--out', '--explain', '--json', 'Examples: consilience predict']],
    ['report', ['<results>', '--out', 'Example: consilience report']],
  ])('of %s names its options', async (command, options) => {
    const { code, stdout, stderr } = await consilience([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const option of options) expect(stdout).toContain(option);
  });

  it('is told where no command is given, which is bad input', async () => {
    const { code, stdout, stderr } = await consilience([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: consilience /);
  });
});

it('--version is that of the package', async () => {
  expect(await consilience(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('bad input on the command line exits 2 and says what was meant', () => {
  const usage = '(add --help for usage)\n';
  it.each([
    [['comapre', 'study.yaml'], `error: unknown command 'comapre'\n(Did you mean compare?)\n${usage}`],
    [['compare'], `error: missing required argument 'study'\n${usage}`],
    [
      ['compare', 'a.yaml', 'b.yaml'],
      `error: too many arguments for 'compare'. Expected 1 argument but got 2.\n${usage}`,
    ],
    [['compare', 'study.yaml', '--sed', '3'], `error: unknown option '--sed'\n(Did you mean --seed?)\n${usage}`],
    [
      ['compare', 'study.yaml', '--seed', '1.5'],
      `error: option '--seed <n>' argument '1.5' is invalid. expected a whole number from 0 to 4294967295\n${usage}`,
    ],
    [
      ['compare', 'study.yaml', '--seed', '-1'],
      `error: option '--seed <n>' argument '-1' is invalid. expected a whole number from 0 to 4294967295\n${usage}`,
    ],
    [
      ['demo', '--jobs', '0'],
      `error: option '--jobs <n>' argument '0' is invalid. expected a whole number from 1\n${usage}`,
    ],
    [['init', '.', '--targt', 'x'], `error: unknown option '--targt'\n(Did you mean --target?)\n${usage}`],
  ])('%s', async (args, stderr) => {
    expect(await consilience(args)).toEqual({ code: 2, stdout: '', stderr });
  });
});
