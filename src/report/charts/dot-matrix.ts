import * as Plot from '@observablehq/plot';

interface Row {
  readonly present: readonly string[];
  readonly y: number;
}

export interface MatrixLayout {
  /** Of the first column's centre. */
  readonly left: number;
  readonly step: number;
}

/** Sets as rows of dots (Lex et al. 2014, UpSet): filled where the modality is there, joined by a line. */
export function dotMatrix(
  rows: readonly Row[],
  modalities: readonly string[],
  { left, step }: MatrixLayout,
): Plot.Markish[] {
  const x = (name: string) => left + step * modalities.indexOf(name);
  const joined = rows.flatMap(({ present, y }) => {
    const columns = present.map(x);
    return columns.length > 1 ? [{ y, x1: Math.min(...columns), x2: Math.max(...columns) }] : [];
  });
  const dots = rows.flatMap(({ present, y }) =>
    modalities.map((name) => ({ x: x(name), y, there: present.includes(name) })),
  );
  return [
    Plot.dot(
      dots.filter((dot) => !dot.there),
      { x: 'x', y: 'y', r: 2, fill: 'var(--rule)' },
    ),
    Plot.ruleY(joined, { y: 'y', x1: 'x1', x2: 'x2', stroke: 'currentColor', strokeWidth: 1.5 }),
    Plot.dot(
      dots.filter((dot) => dot.there),
      { x: 'x', y: 'y', r: 4.2, fill: 'currentColor' },
    ),
  ];
}
