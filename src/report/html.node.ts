import type { Comparison } from '../evaluate/comparison.ts';

/**
 * The comparison as one self-contained HTML file: no network, light and dark, made to be printed, a table behind every
 * chart. What draws the charts is imported only now, so that the command line starts without it.
 */
export async function renderReport(comparison: Comparison): Promise<string> {
  const [{ parseHTML }, { page }] = await Promise.all([import('linkedom'), import('./page.ts')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return page(comparison, { document });
}
