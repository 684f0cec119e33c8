/** Takes the README's picture of the demo's report anew: `npm run demo`, then `node scripts/picture.mjs`. Needs Chromium. */
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const report = pathToFileURL('consilience-out/tcga-acc/report.html').href;
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: quiet });
const page = await browser.newPage({ viewport: { width: 1100, height: 1400 } });
await page.goto(report);
await page.screenshot({ path: 'docs/report.png' });
await browser.close();
