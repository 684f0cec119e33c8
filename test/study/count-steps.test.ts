import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadStudy } from '../../src/study/load.node.ts';
import { folderWith, smallFiles, study, table } from './small-study.ts';

const counted = (row: (i: number) => string, options: string) =>
  loadStudy(
    join(
      folderWith(
        smallFiles({
          'rna.csv': table('id,g1,g2,ph', (_, i) => row(i)),
          'study.yaml': study({ modalities: `  rna: { file: rna.csv, ${options} }` }),
        }),
      ),
      'study.yaml',
    ),
  );
const whole = (i: number) => `${i % 4},${(7 * i) % 11},${6 + i / 100}`;
const fractions = (i: number) => `${i + 0.5},${(7 * i) % 11},${6 + i / 100}`;

describe('a step for counts', () => {
  it('that leaves some columns as they are is warned of, with how many', async () => {
    const { warnings } = await counted(whole, 'prepare: [cpm, standardize]');
    expect(warnings).toEqual([
      {
        code: 'not-all-counts',
        message: 'rna: cpm acts on 2 of 3 columns, those of counts; the others stay as they are',
      },
    ]);
  });

  it.each(['negative-binomial', 'poisson'])('takes fractions where the noise is %s', async (noise) => {
    const { warnings } = await counted(fractions, `noise: ${noise}, prepare: [size-factors, standardize]`);
    expect(warnings).toEqual([]);
  });

  it('finds none among fractions of another noise', async () => {
    await expect(counted(fractions, 'noise: gaussian, scale: ratio, prepare: [clr]')).rejects.toThrow(
      'clr acts on counts, and rna has none',
    );
  });

  it('clr takes ratios of a composition', async () => {
    const { warnings } = await counted(fractions, 'constraint: compositional, scale: ratio, prepare: [clr]');
    expect(warnings).toEqual([]);
  });
});
