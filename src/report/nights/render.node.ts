import type { NightsComparison } from '../../study/nights/compare-nights.node.ts';

/** A comparison over nights as one self-contained HTML file. */
export async function renderNights(comparison: NightsComparison): Promise<string> {
  const [{ parseHTML }, { nightsPage }] = await Promise.all([import('linkedom'), import('./page.ts')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return nightsPage(comparison, { document });
}
