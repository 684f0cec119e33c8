import { describe, expect, it } from 'vitest';
import type { Comparison, ImageRelation, ImageSummary } from '../../src/evaluate/comparison.ts';
import { renderReport } from '../../src/report/html.node.ts';
import { checkResults } from '../../src/report/results-shape.ts';
import { syntheticComparison } from './comparison.fixture.ts';

const image: ImageSummary = {
  size: [20, 24, 20],
  spacingMm: [4, 4, 5],
  channels: 1,
  mean: { png: 'iVBORw0KGgo=', width: 300, height: 200, subjects: 30, placed: true },
  values: { low: 0, high: 100, shares: [0.9, 0.04, 0.06] },
  prepared: { low: -1, high: 2, shares: [0.3, 0.4, 0.3], subjects: 30 },
};

function withImage(given: ImageSummary): Comparison {
  const comparison = syntheticComparison();
  const [first, ...rest] = comparison.study.modalities;
  return { ...comparison, study: { ...comparison.study, modalities: [{ ...first, image: given }, ...rest] } };
}

describe('the scans in a report', () => {
  it('are shown by their mean, their grid and two histograms with the figures behind them', async () => {
    const page = await renderReport(withImage(image));
    expect(page).toContain('The scans</h3>');
    expect(page).toContain(
      '<img src="data:image/png;base64,iVBORw0KGgo=" width="300" height="200" alt="Slices of the mean clinical scan">',
    );
    expect(page).toContain('<dt>Voxels</dt><dd>20 × 24 × 20 of 4 × 4 × 5 mm</dd>');
    expect(page).toContain('slices of the mean of 30 scans, the patient&#39;s right (R) on the left');
    expect(page).toContain('the first bar, cut off, is mostly background');
    expect(page).toContain('aria-label="clinical: values after preparation"');
    expect(page).toContain('<th scope="row">33 to 67</th>');
  });

  it('come with what harmonizing did to their relations, in words and figures', async () => {
    const relation: ImageRelation = {
      modalities: ['t1', 'ct'],
      groups: [
        {
          name: 'all subjects',
          subjects: 30,
          mutualInformation: { before: 0.61, after: 0.412, unrelated: 0.003, p: 0.005 },
          rankCorrelation: { before: 0.5, after: -0.25 },
          copulaDistance: 0.318,
        },
      ],
      words: ['all subjects: copula moved by 0.32 of the way to no relation'],
    };
    const comparison = syntheticComparison();
    const told = (imageRelations: readonly ImageRelation[]) => ({
      ...comparison,
      study: { ...comparison.study, imageRelations },
    });
    const page = await renderReport(told([relation]));
    expect(page).toContain('What harmonizing did to the relations between scans</h3>');
    expect(page).toContain('<li>all subjects: copula moved by 0.32 of the way to no relation</li>');
    expect(page).toContain('<td class="figure">.412</td>');
    expect(page).toContain('<td class="figure">−.250</td>');
    expect(await renderReport(comparison)).not.toContain('What harmonizing did');
    expect(() => checkResults(told([relation]), 'results.json')).not.toThrow();
    const broken = { ...relation, groups: [] };
    expect(() => checkResults(told([broken]), 'results.json')).toThrow('study.imageRelations.0.groups');
  });

  it('are left out where nothing is said of them, as by earlier releases', async () => {
    expect(await renderReport(syntheticComparison())).not.toContain('The scans');
    const { mean: _, values: __, prepared: ___, ...grid } = image;
    const page = await renderReport(withImage(grid));
    expect(page).not.toContain('The scans');
    expect(page).toContain('20 × 24 × 20 of');
  });

  it('are taken from results that were edited only where they are what they should be', () => {
    expect(() => checkResults(withImage(image), 'results.json')).not.toThrow();
    const hostile = { ...image, mean: { ...image.mean, png: '"onerror="alert(1)' } };
    expect(() => checkResults(withImage(hostile as ImageSummary), 'results.json')).toThrow(
      /study\.modalities\.0\.image\.mean\.png: .*a picture in base64/,
    );
    const empty = { ...image, values: { low: 0, high: 1, shares: [] } };
    expect(() => checkResults(withImage(empty), 'results.json')).toThrow('study.modalities.0.image.values.shares');
  });
});
