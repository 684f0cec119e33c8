import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectCohort } from '../../src/inspect/inspect.ts';
import { renderReport } from '../../src/report/html.node.ts';
import { renderInspection } from '../../src/report/inspection-page.ts';
import { world } from '../contract/cohorts.ts';
import { need } from '../require.ts';
import { syntheticComparison } from './comparison.fixture.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const { skip, reason } = need('browser', existsSync(executablePath));
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

const pages = ['classes', 'survival', 'value', 'inspection'] as const;
type Name = (typeof pages)[number];

function written(name: Name): Promise<string> | string {
  const fusions = ['early:logistic', 'intermediate:attention', 'late:mean', 'late:stacked'];
  if (name !== 'inspection') return renderReport(syntheticComparison({ kind: name, finding: 'helps', fusions }));
  const { x, target } = world();
  const groups = x.subjects.map((_, i) => ['north', 'south', 'west'][i % 3]);
  return renderInspection(inspectCohort(x, target, { name: 'made', title: 'A made cohort', groups }));
}

describe.skipIf(skip)(`in a browser${reason && ` (skipped: ${reason})`}`, () => {
  let browser: Browser;
  let folder: string;
  const urls = new Map<Name, string>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'consilience-report-'));
    for (const name of pages) {
      const file = join(folder, `${name}.html`);
      await writeFile(file, await written(name));
      urls.set(name, pathToFileURL(file).href);
    }
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function opened(
    name: Name,
    options: Parameters<Browser['newPage']>[0],
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const page = await browser.newPage(options);
    try {
      await page.goto(urls.get(name) as string);
      await look(page);
    } finally {
      await page.close();
    }
  }

  const inBoth = pages.flatMap((name) => (['light', 'dark'] as const).map((scheme) => [name, scheme] as const));
  it.each(inBoth)('the page of %s has no serious or critical axe-core finding in %s', async (name, colorScheme) => {
    await opened(name, { colorScheme }, async (page) => {
      await page.evaluate(() => document.querySelectorAll('details').forEach((part) => part.setAttribute('open', '')));
      await page.addScriptTag({ content: axe.source });
      const { violations, passes } = await page.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
      );
      expect(passes.length).toBeGreaterThan(20);
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    });
  });

  it('the report in dark and in light differs in paper and ink', async () => {
    const inks: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await opened('classes', { colorScheme }, async (page) => {
        inks.push(await page.evaluate(() => getComputedStyle(document.querySelector('svg') as Element).color));
      });
    }
    expect(new Set(inks).size).toBe(2);
  });

  it.each(pages)('the page of %s asks for nothing but itself', async (name) => {
    const url = urls.get(name) as string;
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.close();
    expect(asked).toEqual([url]);
  });

  const widths = pages.flatMap((name) => [390, 800, 1200].map((width) => [name, width] as const));
  it.each(widths)('the page of %s is never wider than a window of %i px', async (name, width) => {
    await opened(name, { viewport: { width, height: 800 } }, async (page) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
    });
  });

  it('the report reads without JavaScript', async () => {
    await opened('classes', { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('.verdict .sentence').textContent()).toContain('Fusion helps here');
      expect(await page.locator('svg').first().boundingBox()).not.toBeNull();
    });
  });

  it.each(pages)(
    'the page of %s opens every table on paper, in ink on white, and no chart runs off it',
    async (name) => {
      const pageWidth = 680; // A4 between its margins, in CSS pixels
      await opened(name, { colorScheme: 'dark', viewport: { width: pageWidth, height: 1000 } }, async (page) => {
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        // The folded parts appear in the frame after the change of medium.
        await page.waitForFunction(() =>
          [...document.querySelectorAll('table')].every((table) =>
            table.checkVisibility({ contentVisibilityAuto: true }),
          ),
        );
        const seen = await page.evaluate(() => ({
          paper: getComputedStyle(document.documentElement).backgroundColor,
          widest: Math.max(
            ...[...document.querySelectorAll('svg')].map((chart) => chart.getBoundingClientRect().right),
          ),
        }));
        expect(seen.paper).toBe('rgb(255, 255, 255)');
        expect(seen.widest).toBeLessThanOrEqual(pageWidth);
      });
    },
  );
});
