import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProgram } from '../../src/engine/compile/open-program.ts';
import { folderWith, smallFiles } from '../study/small-study.ts';
import { consilience } from './cli.ts';

describe('export', () => {
  it('writes the networks of a model as ONNX, the same bytes each time, and says what they are fed', async () => {
    const folder = folderWith(smallFiles());
    const run = (...args: string[]) => consilience(args, { cwd: folder });
    expect((await run('fit', 'study.yaml', '--strategy', 'intermediate', '-o', 'ill.model')).code).toBe(0);
    const { code, stdout, stderr } = await run('export', 'ill.model', '-o', 'ill.onnx');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('ill.onnx: intermediate:attention, ');
    expect(stdout).toContain('present: 1 where a subject has rna, clinical, else 0');
    const bytes = readFileSync(join(folder, 'ill.onnx'));
    const { outputs, description } = await openProgram(bytes);
    expect(outputs).toMatchObject([{ name: 'opinion', shape: ['batch', 2] }]);
    expect(JSON.parse(description)).toMatchObject({ strategy: 'intermediate:attention', present: ['rna', 'clinical'] });
    const again = await run('export', 'ill.model', '-o', 'ill.onnx', '--json');
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(description));
    expect(readFileSync(join(folder, 'ill.onnx'))).toEqual(bytes);
  });

  it('writes over neither the model nor a file that was not exported', async () => {
    const folder = folderWith(smallFiles({ 'mine.onnx': 'mine' }));
    const run = (...args: string[]) => consilience(args, { cwd: folder });
    expect((await run('fit', 'study.yaml', '--strategy', 'intermediate:perceptron', '-o', 'ill.onnx')).code).toBe(0);
    const model = readFileSync(join(folder, 'ill.onnx'));
    const same = await run('export', 'ill.onnx', '-o', 'ill.onnx', '--force');
    expect(same.code).toBe(2);
    expect(same.stderr).toContain('ill.onnx');
    expect(readFileSync(join(folder, 'ill.onnx'))).toEqual(model);
    expect(await run('export', 'ill.onnx', '-o', 'mine.onnx')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: mine.onnx: is there and was not exported, expected --force to replace it\n',
    });
    expect((await run('export', 'ill.onnx', '-o', 'mine.onnx', '--force')).code).toBe(0);
  });

  it('refuses a model without networks, and another kind of file', async () => {
    const folder = folderWith(smallFiles());
    const run = (...args: string[]) => consilience(args, { cwd: folder });
    await run('fit', 'study.yaml', '--strategy', 'late:mean', '-o', 'late.model');
    expect(await run('export', 'late.model', '-o', 'late.onnx')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: model of late:mean: holds no network, expected one of intermediate fusion, got late\n',
    });
    expect(await run('export', 'late.model', '-o', 'late.bin')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: --out late.bin: not an ONNX file by its name, expected NAME.onnx\n',
    });
  });
});
