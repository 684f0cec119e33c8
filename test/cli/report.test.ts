import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultsJson } from '../../src/report/results.ts';
import { syntheticComparison } from '../report/comparison.fixture.ts';
import { folderWith, smallFiles } from '../study/small-study.ts';
import { consilience } from './cli.ts';

describe('report', () => {
  it('makes the page again from results.json, beside it or elsewhere', async () => {
    const folder = folderWith(smallFiles());
    await consilience(['compare', 'study.yaml', '-o', 'out', '--jobs', '1'], { cwd: folder });
    const page = readFileSync(join(folder, 'out', 'report.html'), 'utf8');
    const elsewhere = await consilience(['report', 'out', '-o', 'page'], { cwd: folder });
    expect(elsewhere).toEqual({
      code: 0,
      stderr: '',
      stdout: `Report: ${join('page', 'report.html')}\nResearch use, not a medical device.\n`,
    });
    expect(readdirSync(join(folder, 'page'))).toEqual(['report.html']);
    const again = readFileSync(join(folder, 'page', 'report.html'), 'utf8');
    // Figures in results.json have eight digits, those of the first page all; what a page shows has fewer than either.
    const shown = (html: string) =>
      html.replaceAll(/<svg[\s\S]*?<\/svg>/g, '').replaceAll(/<script[\s\S]*?<\/script>/g, '');
    expect(shown(again)).toBe(shown(page));
    expect((await consilience(['report', join('out', 'results.json')], { cwd: folder })).code).toBe(0);
    expect(readFileSync(join(folder, 'out', 'report.html'), 'utf8')).toBe(again);
  });

  it.each([
    [
      '{"kind":"inspection","version":1}',
      'r.json: not a comparison, expected results.json of a comparison, got kind "inspection"',
    ],
    ['{"version":1}', 'r.json: not a comparison, expected results.json of a comparison, got no kind'],
    ['{"kind":"comparison","version":9}', 'r.json: written by a newer consilience, expected version 1 at most, got 9'],
    ['{"kind":"comparison","version":1}', 'r.json: study: missing from the comparison, expected an object'],
    ['[]', 'r.json: not a JSON object, expected results.json of a comparison'],
  ])('exits 2 on %s', async (content, message) => {
    const folder = folderWith({ 'r.json': content });
    expect(await consilience(['report', 'r.json'], { cwd: folder })).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${message}\n`,
    });
    expect(readdirSync(folder)).toEqual(['r.json']);
  });

  it('exits 2 on what is no JSON, is not there, or was edited', async () => {
    const parts = '"study":{},"protocol":{},"strategies":[],"verdict":{},"warnings":[],"environment":{}';
    const folder = folderWith({ 'a.json': '{', 'b.json': `{"kind":"comparison","version":1,${parts}}` });
    const run = (name: string) => consilience(['report', name], { cwd: folder });
    expect((await run('a.json')).stderr).toMatch(/^error: a\.json: not JSON: /);
    expect((await run('c.json')).stderr).toMatch(
      /^error: c\.json: cannot be read, expected results\.json of a comparison/,
    );
    expect(await run('b.json')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: b.json: study.name: missing from the comparison, expected a text\n',
    });
  });

  it('does not write over the results it reads', async () => {
    const folder = folderWith({
      'results.json': resultsJson(syntheticComparison()),
      'report.html': resultsJson(syntheticComparison()),
    });
    const ended = await consilience(['report', 'report.html'], { cwd: folder });
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: report.html: would write over report.html, which is read, expected another name\n',
    });
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe(resultsJson(syntheticComparison()));
    expect((await consilience(['report', 'results.json', '-o', 'report.html'], { cwd: folder })).stderr).toBe(
      'error: --out report.html: report.html is a file, expected a folder, or a name that is free\n',
    );
    expect((await consilience(['report', 'results.json', '-o', '.'], { cwd: folder })).code).toBe(0);
  });
});
