import { describe, expect, it } from 'vitest';
import { type Block, takeBlockRows } from '../../src/describe/cohort.ts';
import { standardize } from '../../src/harmonize/standardize.ts';
import { blockOf, rowsOf, through } from './small-blocks.ts';

const at = (sites: readonly string[], rows: readonly (readonly (number | null)[])[]): Block => ({
  ...blockOf('interval', rows),
  sites,
});
const training = at(
  ['a', 'a', 'a', 'b', 'b'],
  [
    [1, 5],
    [2, 5],
    [3, 5],
    [100, 7],
    [300, 9],
  ],
);
const within = standardize({ within: 'site' });
const fitOn = (block: Block) => within.fit(block, undefined, { seed: 0 });

describe('standardize within site', () => {
  it('gives each site mean 0 and sd 1 of its own; what never varies there becomes the mean', async () => {
    const rows = rowsOf(await through(within, training));
    const step = Math.sqrt(1.5);
    [
      [-step, 0],
      [0, 0],
      [step, 0],
      [-1, -1],
      [1, 1],
    ].forEach((row, i) => {
      row.forEach((value, j) => {
        expect(rows[i][j]).toBeCloseTo(value, 12);
      });
    });
  });

  it('maps onto another scale, too', async () => {
    const rows = rowsOf(await through(standardize({ within: 'site', to: { mean: 50, sd: 10 } }), training));
    expect(rows[3]).toEqual([40, 40]);
  });

  it('maps a new subject of a training site by what training taught', async () => {
    const fitted = await fitOn(training);
    const [row] = rowsOf(await fitted.apply(at(['b'], [[400, 8]])));
    expect(row).toEqual([2, 0]);
  });

  it('maps a site that was not in training by its own subjects, whoever of other sites is beside them', async () => {
    const fitted = await fitOn(training);
    const there = at(
      ['c', 'b', 'c'],
      [
        [10, 1],
        [200, 8],
        [20, 3],
      ],
    );
    const rows = rowsOf(await fitted.apply(there));
    expect(rows).toEqual([
      [-1, -1],
      [0, 0],
      [1, 1],
    ]);
    expect(rowsOf(await fitted.apply(takeBlockRows(there, [0, 2])))).toEqual([rows[0], rows[2]]);
  });

  it('and those depend on who else is looked at, which is what transductive means', async () => {
    const fitted = await fitOn(training);
    const rows = rowsOf(
      await fitted.apply(
        at(
          ['c', 'c'],
          [
            [10, 1],
            [11, 3],
          ],
        ),
      ),
    );
    expect(rows[0]).toEqual([-1, -1]);
    expect(
      rowsOf(
        await fitted.apply(
          at(
            ['c', 'c', 'c'],
            [
              [10, 1],
              [11, 3],
              [90, 3],
            ],
          ),
        ),
      )[0][0],
    ).not.toBeCloseTo(-1, 2);
  });

  it('learns from measured values only', async () => {
    const holed = at(['a', 'a', 'a', 'b', 'b'], [[1], [null], [3], [5], [9]]);
    const poisoned = { ...holed, values: { ...holed.values, data: Float64Array.of(1, 1e9, 3, 5, 9) } };
    expect((await fitOn(poisoned)).save()).toEqual((await fitOn(holed)).save());
  });

  it('gives who lacks the modality the common mean, at a site that nobody is of', async () => {
    const fitted = await fitOn(training);
    expect(rowsOf(await fitted.apply(at(['z'], [[null, null]])))).toEqual([[0, 0]]);
  });

  it('refuses a block without sites', async () => {
    const message =
      'standardize within site: m: the step adjusts for sites, and no site of the subjects is told, expected a site for every subject: the key "site" of a study, site=FILE where a model predicts, or the sites of cohort()';
    await expect(fitOn(blockOf('interval', [[1], [2]]))).rejects.toThrow(message);
    await expect((await fitOn(training)).apply(blockOf('interval', [[1, 2]]))).rejects.toThrow(message);
  });

  it('refuses a site of one subject, in training and where it is new', async () => {
    const message = (site: string) =>
      `standardize within site: site ${site}: its spread cannot be told, expected two or more subjects of the site who have the modality, got 1`;
    await expect(fitOn(at(['a', 'a', 'b'], [[1], [2], [3]]))).rejects.toThrow(message('b'));
    await expect(
      (await fitOn(training)).apply(
        at(
          ['c', 'a'],
          [
            [1, 1],
            [2, 2],
          ],
        ),
      ),
    ).rejects.toThrow(message('c'));
  });
});

describe('standardize without a word of sites', () => {
  it('learns the same bytes whether sites are told or not', async () => {
    const { sites: _, ...plain } = training;
    const saved = async (block: Block) => (await standardize().fit(block, undefined, { seed: 0 })).save();
    expect(await saved(training)).toEqual(await saved(plain));
  });
});
