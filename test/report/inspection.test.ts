import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { inspectCohort } from '../../src/inspect/inspect.ts';
import { countBar, shareBar } from '../../src/report/charts/in-table.ts';
import { renderInspection } from '../../src/report/inspection-page.ts';
import { renderInspectionText } from '../../src/report/inspection-text.ts';
import { inspectionJson } from '../../src/report/results.ts';
import { world } from '../contract/cohorts.ts';

const { x, target } = world();
const groups = x.subjects.map((_, i) => ['north', 'south', 'west'][i % 3]);
const inspection = inspectCohort(x, target, { name: 'made', title: 'A <made> cohort', groups });

it('an inspection as text has a card for each modality, and what is missing', async () => {
  const text = renderInspectionText(inspection, { color: false, width: 100 });
  expect(text).not.toMatch(/NaN|undefined|null/);
  await expect(text).toMatchFileSnapshot('fixtures/inspection.txt');
});

it('no line of it is wider than the terminal', () => {
  const lines = renderInspectionText(inspection, { color: false, width: 60 }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
});

it('the page of an inspection loads nothing, escapes what it is given and says what it is not', () => {
  const page = renderInspection(inspection);
  expect(page).toContain('A &lt;made&gt; cohort');
  expect(page).not.toMatch(/<made>|src=|https?:|NaN|undefined/);
  expect(page).toContain('Research use, not a medical device.');
  for (const { name } of inspection.modalities) expect(page).toContain(`<h3>${name}</h3>`);
});

it('the page of an inspection draws its shares and sets in the tables, hidden from those who hear the figure beside', () => {
  const { document } = parseHTML(renderInspection(inspection));
  const marks = [...document.querySelectorAll('svg')];
  expect(marks.length).toBeGreaterThan(inspection.modalities.length + inspection.patterns.length);
  for (const mark of marks) {
    expect(mark.getAttribute('aria-hidden')).toBe('true');
    expect(mark.closest('td, th')?.textContent).toMatch(/\S/);
    for (const rect of mark.querySelectorAll('rect')) {
      const end = Number(rect.getAttribute('x')) + Number(rect.getAttribute('width'));
      expect(end).toBeLessThanOrEqual(Number(mark.getAttribute('width')) + 0.01);
    }
  }
});

it('a bar in a table is as long as its share', () => {
  const filled = (share: number) => shareBar(share).html.match(/width="([\d.]+)" height="10"/g)?.[1];
  expect(filled(0.5)).toBe('width="32" height="10"');
  expect(filled(0)).toBe('width="0" height="10"');
  expect(countBar(5, 10, 2).html).toContain('<rect x="36" y="1" width="54"');
});

it('inspection.json says its kind and version, and is the same for the same cohort', () => {
  expect(JSON.parse(inspectionJson(inspection))).toMatchObject({
    kind: 'inspection',
    version: 1,
    study: { name: 'made' },
  });
  expect(inspectionJson(inspectCohort(x, target, { name: 'made', title: 'A <made> cohort', groups }))).toBe(
    inspectionJson(inspection),
  );
});
