import { describe, expect, it } from 'vitest';
import type { Comparison, ImageSummary } from '../../src/evaluate/comparison.ts';
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
