import type { StrategyResult } from '../../evaluate/comparison.ts';

/** How roles differ: in colour and in shape. */
export const lookOf = {
  single: { color: 'var(--single)', symbol: 'circle', filled: false, heading: 'One modality' },
  'best-single': {
    color: 'var(--best)',
    symbol: 'diamond2',
    filled: true,
    heading: 'Best single modality',
  },
  fusion: { color: 'var(--fusion)', symbol: 'square2', filled: true, heading: 'Fusion' },
} as const;

export const roles = ['single', 'best-single', 'fusion'] as const;

export interface PlacedRow {
  readonly strategy: StrategyResult;
  readonly y: number;
}

export interface Placed {
  readonly rows: readonly PlacedRow[];
  readonly headings: readonly { readonly text: string; readonly y: number }[];
  readonly height: number;
}

const step = 24;

/** Strategies in reading order, one below the other in pixels, a heading above each role. Panels side by side share it. */
export function placed(strategies: readonly StrategyResult[], top: number): Placed {
  const rows: PlacedRow[] = [];
  const headings: { text: string; y: number }[] = [];
  let y = top;
  for (const role of roles) {
    const members = strategies.filter((strategy) => strategy.role === role);
    if (members.length === 0) continue;
    headings.push({ text: lookOf[role].heading, y });
    y += step;
    for (const strategy of members) {
      rows.push({ strategy, y });
      y += step;
    }
    y += step / 3;
  }
  return { rows, headings, height: y - step / 3 };
}
