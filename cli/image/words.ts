import { relative } from 'node:path';
import { type Grid, spacingMm, type Volume } from '../../src/index.ts';

/** A number in at most six digits, without those that say nothing. */
export function shortNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(6)));
}

/** Such as `188 x 256 x 190 voxels of 0.88 x 0.88 x 0.88 mm`. */
export function gridInWords(grid: Grid, dimensions: Volume['dimensions']): string {
  const [depth, height, width] = grid.shape;
  const size = [width, height, depth].slice(0, dimensions).join(' x ');
  return `${size} voxels of ${spacingMm(grid).slice(0, dimensions).map(shortNumber).join(' x ')} mm`;
}

/** A file as seen from here; one elsewhere by the name it was given. */
export function shown(path: string): string {
  const here = relative(process.cwd(), path);
  return here === '' || here.startsWith('..') ? path : here;
}

/** Such as `188 x 256 x 190`. */
export function sizeInWords({ shape: [depth, height, width] }: Pick<Grid, 'shape'>): string {
  return depth === 1 ? `${width} x ${height}` : `${width} x ${height} x ${depth}`;
}

export function percentInWords(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
