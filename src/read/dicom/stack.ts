/**
 * Slices become a volume: sorted along their normal, and refused where they are no even stack. The libraries tried take a
 * missing slice for a wider spacing, and a tilted gantry for an upright one.
 */
import { type Affine, identityAffine } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedAffine, lpsToRas } from '../image/place.ts';
import type { VolumeWarning } from '../image/volume.ts';
import { type DicomSlice, type FrameKey, frameKeys, normalOf, type Point, type SlicePlace } from './slice.ts';

export interface Stack {
  /** Indices of slices: `[frames][depth]`. */
  readonly order: readonly (readonly number[])[];
  /** RAS mm. */
  readonly affine: Affine;
  readonly warnings: readonly VolumeWarning[];
}

export interface PlacedSlice {
  /** A file, or a frame of one. */
  readonly name: string;
  readonly slice: DicomSlice & { readonly place: SlicePlace; readonly spacing: readonly [number, number] };
}

/** Places as far apart as digits are cut: below any voxel (micro-CT has 0.001 mm). */
export const samePlaceMm = 1e-4;
/** Directions are told with 6 digits or so; a tilt of 1e-3 shifts the far edge of a slice by less than half a pixel. */
const sameDirection = 1e-3;
/** 512 pixels whose spacing differs by so much are a twentieth of a pixel apart at the end. */
const sameSpacing = 1e-4;
/** Of the step: tables are told to 0.1 mm, which is so much of a thin slice. More is uneven, and refused. */
const unevenStep = 0.1;
/** Of the step: below it, slices are as even as digits tell. More is said. */
const roughStep = 0.01;
/** Of a pixel: how far a slice may stand beside the line of the others, and a stack lean before it is said. */
const besideLine = 0.1;

/** @throws InputError that names slices, places and gaps */
export function stackOf(slices: readonly PlacedSlice[], where: string): Stack {
  const { place, spacing } = slices[0].slice;
  alike(slices, where);
  const normal = normalOf(place);
  const along = slices.map(({ slice }) => dot(slice.place.position, normal));
  const levels = levelsOf(along);
  const order = framesByKey(slices, levels, along, where);
  const positions = levels.map((level) => slices[level[0]].slice.place.position);
  const heights = levels.map((level) => along[level[0]]);
  const warnings: VolumeWarning[] = [];
  let step = normal.map((part) => part * (slices[0].slice.thicknessMm ?? 1)) as unknown as Point;
  if (levels.length > 1) {
    evenOrRefused(heights, levels, slices, where, warnings);
    step = scaled(minus(positions[positions.length - 1], positions[0]), 1 / (levels.length - 1));
    onOneLine(positions, step, normal, spacing, levels, slices, where);
    warnings.push(
      ...tilted(step, normal, spacing, levels.length, where),
      ...otherThanTold(slices, step, normal, where),
    );
  }
  return { order, affine: affineOf(slices[levels[0][0]].slice, step, where), warnings };
}

/** Of one slice or a stack; columns are counted along the row, so that the second spacing comes first. */
export function affineOf(
  { place, spacing }: { readonly place: SlicePlace; readonly spacing: readonly [number, number] },
  step: Point,
  where: string,
): Affine {
  const affine = identityAffine();
  for (let i = 0; i < 3; i++) {
    affine[4 * i] = place.row[i] * spacing[1];
    affine[4 * i + 1] = place.column[i] * spacing[0];
    affine[4 * i + 2] = step[i];
    affine[4 * i + 3] = place.position[i];
  }
  return checkedAffine(lpsToRas(affine), where, 'place');
}

function alike(slices: readonly PlacedSlice[], where: string): void {
  const first = slices[0];
  for (const { name, slice } of slices) {
    const { place, spacing } = first.slice;
    const turn = Math.max(...place.row.map((value, i) => Math.abs(value - slice.place.row[i])));
    const turned = Math.max(...place.column.map((value, i) => Math.abs(value - slice.place.column[i])));
    if (Math.max(turn, turned) > sameDirection) {
      const expected = `${directions(place)} of ${first.name}`;
      throw new InputError({
        where,
        what: 'slices of different orientations',
        expected,
        got: `${directions(slice.place)} of ${name}`,
      });
    }
    if (spacing.some((mm, i) => Math.abs(mm - slice.spacing[i]) > sameSpacing * mm)) {
      const expected = `${spacing.join(' x ')} mm of ${first.name}`;
      const got = `${slice.spacing.join(' x ')} mm of ${name}`;
      throw new InputError({ where, what: 'slices of different pixel spacings', expected, got });
    }
  }
}

function directions({ row, column }: SlicePlace): string {
  return [...row, ...column].map((value) => Number(value.toFixed(4))).join(' ');
}

/** Indices of slices at one height, from the lowest on. */
function levelsOf(along: readonly number[]): number[][] {
  const sorted = [...along.keys()].sort((a, b) => along[a] - along[b] || a - b);
  const levels: number[][] = [];
  for (const index of sorted) {
    const level = levels[levels.length - 1];
    if (level && along[index] - along[level[0]] <= samePlaceMm) level.push(index);
    else levels.push([index]);
  }
  return levels;
}

/** Slices at one place are frames where something tells them apart, the same way at every place. */
function framesByKey(
  slices: readonly PlacedSlice[],
  levels: readonly (readonly number[])[],
  along: readonly number[],
  where: string,
): number[][] {
  if (levels.every(({ length }) => length === 1)) return [levels.map(([index]) => index)];
  for (const key of frameKeys) {
    const frames = sortedBy(key, slices, levels);
    if (frames) return frames;
  }
  const crowded = levels.find(({ length }) => length > 1) ?? levels[0];
  const names = crowded.slice(0, 3).map((index) => slices[index].name);
  const got = `${names.join(' and ')}${crowded.length > 3 ? ' and others' : ''} at ${mm(along[crowded[0]])}`;
  const expected = 'one slice at each, or as many points in time at each';
  throw new InputError({ where, what: 'slices at the same place', expected, got });
}

function sortedBy(
  key: FrameKey,
  slices: readonly PlacedSlice[],
  levels: readonly (readonly number[])[],
): number[][] | undefined {
  const of = (index: number) => slices[index].slice.keys[key];
  const sorted = levels.map((level) => [...level].sort((a, b) => (of(a) ?? 0) - (of(b) ?? 0)));
  const told = sorted[0].map(of);
  if (told.some((value, i) => value === undefined || value === told[i - 1])) return undefined;
  // A heart beats otherwise at each slice: its phases are told by their order.
  const alike = (level: readonly number[], i: number) =>
    key === 'trigger' ? i === 0 || (of(level[i]) ?? 0) > (of(level[i - 1]) ?? 0) : of(level[i]) === told[i];
  const same = sorted.every((level) => level.length === told.length && level.every((_, i) => alike(level, i)));
  return same ? told.map((_, frame) => sorted.map((level) => level[frame])) : undefined;
}

function evenOrRefused(
  heights: readonly number[],
  levels: readonly (readonly number[])[],
  slices: readonly PlacedSlice[],
  where: string,
  warnings: VolumeWarning[],
): void {
  const gaps = heights.slice(1).map((height, i) => height - heights[i]);
  const step = [...gaps].sort((a, b) => a - b)[gaps.length >> 1];
  let roughest = 0;
  for (const [i, gap] of gaps.entries()) {
    const off = Math.abs(gap / step - 1);
    roughest = Math.max(roughest, off);
    if (off <= unevenStep) continue;
    const [before, after] = [slices[levels[i][0]].name, slices[levels[i + 1][0]].name];
    const many = Math.round(gap / step) - 1;
    const whole = many > 0 && Math.abs(gap / step - many - 1) <= unevenStep * (many + 1);
    const what = whole
      ? many === 1
        ? 'a slice is missing'
        : `${many} slices are missing`
      : 'slices are not evenly spaced';
    const got = `${mm(gap)} between ${before} at ${mm(heights[i])} and ${after} at ${mm(heights[i + 1])}`;
    throw new InputError({ where, what, expected: `${mm(step)} from slice to slice`, got });
  }
  if (roughest <= roughStep) return;
  const message = `${where}: slices are up to ${Math.round(roughest * 100)} % of their step of ${mm(step)} off an even stack`;
  warnings.push({ code: 'uneven-slices', message });
}

function onOneLine(
  positions: readonly Point[],
  step: Point,
  normal: Point,
  spacing: readonly [number, number],
  levels: readonly (readonly number[])[],
  slices: readonly PlacedSlice[],
  where: string,
): void {
  const most = besideLine * Math.min(...spacing);
  for (const [i, level] of levels.entries()) {
    const line = plus(positions[0], scaled(step, i));
    for (const index of level) {
      const beside = inPlane(minus(slices[index].slice.place.position, line), normal);
      if (beside <= most) continue;
      const got = `${slices[index].name}, ${mm(beside)} beside it`;
      throw new InputError({
        where,
        what: 'slices do not stand on one line',
        expected: `at most ${mm(most)} off`,
        got,
      });
    }
  }
}

function tilted(
  step: Point,
  normal: Point,
  spacing: readonly [number, number],
  depth: number,
  where: string,
): VolumeWarning[] {
  const lean = inPlane(step, normal);
  if (lean * (depth - 1) <= besideLine * Math.min(...spacing)) return [];
  const degrees = (Math.atan2(lean, dot(step, normal)) * 180) / Math.PI;
  const message = `${where}: slices lean by ${degrees.toFixed(2)} degrees (gantry tilt): the grid is sheared, as its affine says`;
  return [{ code: 'gantry-tilt', message }];
}

/** Every second slice absent is an even stack too. */
function otherThanTold(slices: readonly PlacedSlice[], step: Point, normal: Point, where: string): VolumeWarning[] {
  const told = slices[0].slice.spacingBetweenMm;
  const found = dot(step, normal);
  if (told === undefined || Math.abs(found - told) <= unevenStep * told) return [];
  const message = `${where}: slices are ${mm(found)} apart, though SpacingBetweenSlices says ${mm(told)}`;
  return [{ code: 'slice-spacing', message }];
}

function mm(value: number): string {
  return `${Number(value.toFixed(4))} mm`;
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function plus(a: Point, b: Point): Point {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function minus(a: Point, b: Point): Point {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function scaled(a: Point, by: number): Point {
  return [a[0] * by, a[1] * by, a[2] * by];
}

/** Length without what goes along the normal. */
function inPlane(a: Point, normal: Point): number {
  return Math.hypot(...minus(a, scaled(normal, dot(a, normal))));
}
