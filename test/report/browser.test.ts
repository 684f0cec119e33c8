import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/html.node.ts';
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

describe.skipIf(skip)(`the report in a browser${reason && ` (skipped: ${reason})`}`, () => {
  let browser: Browser;
  let folder: string;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'consilience-report-'));
    const file = join(folder, 'report.html');
    await writeFile(file, await renderReport(syntheticComparison({ finding: 'helps' })));
    url = pathToFileURL(file).href;
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function opened(options: Parameters<Browser['newPage']>[0], look: (page: Page) => Promise<void>) {
    const page = await browser.newPage(options);
    try {
      await page.goto(url);
      await look(page);
    } finally {
      await page.close();
    }
  }

  it.each(['light', 'dark'] as const)('has no serious or critical axe-core finding in %s', async (colorScheme) => {
    await opened({ colorScheme }, async (page) => {
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

  it('dark and light differ in paper and ink', async () => {
    const inks: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await opened({ colorScheme }, async (page) => {
        inks.push(await page.evaluate(() => getComputedStyle(document.querySelector('svg') as Element).color));
      });
    }
    expect(new Set(inks).size).toBe(2);
  });

  it('asks for nothing but itself', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.close();
    expect(asked).toEqual([url]);
  });

  it.each([400, 800, 1200])('is never wider than a window of %i px', async (width) => {
    await opened({ viewport: { width, height: 800 } }, async (page) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
    });
  });

  it('reads without JavaScript', async () => {
    await opened({ javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('.verdict .sentence').textContent()).toContain('Fusion helps here');
      expect(await page.locator('svg').first().boundingBox()).not.toBeNull();
    });
  });

  it('opens every table on paper, in ink on white, and lets no chart run off the page', async () => {
    const pageWidth = 680; // A4 between its margins, in CSS pixels
    await opened({ colorScheme: 'dark', viewport: { width: pageWidth, height: 1000 } }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      // The folded parts appear in the frame after the change of medium.
      await page.waitForFunction(() =>
        [...document.querySelectorAll('table')].every((table) =>
          table.checkVisibility({ contentVisibilityAuto: true }),
        ),
      );
      const seen = await page.evaluate(() => ({
        paper: getComputedStyle(document.documentElement).backgroundColor,
        widest: Math.max(...[...document.querySelectorAll('svg')].map((chart) => chart.getBoundingClientRect().right)),
      }));
      expect(seen.paper).toBe('rgb(255, 255, 255)');
      expect(seen.widest).toBeLessThanOrEqual(pageWidth);
    });
  });
});
