import { expect, it } from 'vitest';
import { inspectCohort } from '../../src/inspect/inspect.ts';
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
