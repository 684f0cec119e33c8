/** The axes of an NRRD image: which of them are space, which frames or channels, and where space stands. */
import { type Affine, identityAffine } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedAffine, checkedSpacing, lpsToRas } from '../image/place.ts';
import type { VolumeWarning } from '../image/volume.ts';
import type { VoxelAxis } from '../image/voxels.ts';
import type { NrrdHeader } from './header.ts';

export interface NrrdAxes {
  /** What each axis is, fastest first. */
  readonly axes: readonly VoxelAxis[];
  readonly affine: Affine;
  readonly placed: boolean;
  readonly warnings: readonly VolumeWarning[];
}

/** Signs that turn the first two world axes to RAS. */
const spaces: Readonly<Record<string, readonly [number, number]>> = {
  'right-anterior-superior': [1, 1],
  ras: [1, 1],
  'left-anterior-superior': [-1, 1],
  las: [-1, 1],
  'left-posterior-superior': [-1, -1],
  lps: [-1, -1],
};

/** Spaces that do not say where in the patient they are. */
const unplaced = ['scanner-xyz', '3d-right-handed', '3d-left-handed'];

const millimetres: Readonly<Record<string, number>> = {
  mm: 1,
  millimeter: 1,
  cm: 10,
  m: 1000,
  um: 1e-3,
  µm: 1e-3,
  μm: 1e-3,
};

/** @throws InputError where its axes cannot be told, or their vectors are none */
export function nrrdAxes({ sizes, fields }: NrrdHeader, where: string): NrrdAxes {
  const kinds = listed(fields.get('kinds'), sizes.length, 'kinds', where)?.map((kind) => kind.toLowerCase());
  const vectors = vectorsOf(fields.get('spacedirections'), sizes.length, where);
  const axes = roles(sizes.length, kinds, vectors, where);
  const told = fields
    .get('space')
    ?.toLowerCase()
    .replace(/-time$/, '')
    .replace(/^(ras|las|lps)t$/, '$1');
  const origin = vectors && fields.has('spaceorigin') ? vector(fields.get('spaceorigin')!, where) : undefined;
  const units = lengths(fields.get('spaceunits'));
  const warnings: VolumeWarning[] = [];
  if (told !== undefined && !(told in spaces) && !unplaced.includes(told)) {
    const expected = [...Object.keys(spaces), ...unplaced].join(', ');
    throw new InputError({ where, what: 'unknown space', expected, got: JSON.stringify(fields.get('space')) });
  }
  if (told !== undefined && fields.has('spacedimension')) {
    const got = `${fields.get('space')}, ${fields.get('spacedimension')}`;
    throw new InputError({ where, what: 'both a space and a space dimension', expected: 'one of them', got });
  }
  const affine = vectors && byVectors(axes, vectors, origin, units);
  if (affine && told !== undefined && told in spaces && origin) {
    const [x, y] = spaces[told];
    const ras = x === y ? (x < 0 ? lpsToRas(affine) : affine) : affine.map((v, i) => (i < 4 && v !== 0 ? -v : v));
    return { axes, affine: checkedAffine(ras, where, 'space directions'), placed: true, warnings };
  }
  if (affine) {
    if (affine.every(Number.isFinite) && axes.includes('z')) checkedAffine(affine, where, 'space directions');
    const lacks = origin ? `a space of ${fields.get('space') ?? 'no name'}` : 'no space origin';
    const message = `${where}: ${lacks} places no image; only its spacing is used`;
    warnings.push({ code: 'space-unknown', message });
  }
  return { axes, affine: bySpacing(axes, vectors, fields, units, where), placed: false, warnings };
}

/** In the space of the file. */
function byVectors(
  axes: readonly VoxelAxis[],
  vectors: readonly (readonly number[] | undefined)[],
  origin: readonly number[] | undefined,
  units: readonly number[],
): Affine {
  const affine = identityAffine();
  (['x', 'y', 'z'] as const).forEach((axis, column) => {
    const along = vectors[axes.indexOf(axis)];
    if (along) for (let row = 0; row < 3; row++) affine[row * 4 + column] = (along[row] ?? 0) * (units[row] ?? 1);
  });
  for (let row = 0; row < 3; row++) affine[row * 4 + 3] = (origin?.[row] ?? 0) * (units[row] ?? 1);
  completed(affine, axes);
  return affine;
}

function listed(text: string | undefined, many: number, field: string, where: string): string[] | undefined {
  if (text === undefined) return undefined;
  const list = text.match(/"[^"]*"|\S+/g)?.map((entry) => entry.replace(/"/g, '')) ?? [];
  if (list.length === many) return list;
  throw new InputError({ where, what: `its ${field} do not fit the dimension`, expected: `${many}`, got: text });
}

/** Vectors of the axes in space; undefined for those that are not. */
function vectorsOf(text: string | undefined, many: number, where: string): (number[] | undefined)[] | undefined {
  if (text === undefined) return undefined;
  const entries = text.match(/\([^)]*\)|none|\S+/gi) ?? [];
  if (entries.length !== many) {
    throw new InputError({
      where,
      what: 'its space directions do not fit the dimension',
      expected: `${many}`,
      got: text,
    });
  }
  return entries.map((entry) => {
    if (entry.toLowerCase() === 'none') return undefined;
    const numbers = vector(entry, where);
    if (numbers.every((value) => Number.isNaN(value))) return undefined;
    return numbers.slice(0, 3).every((value) => value === 0) && numbers.length === 4 ? undefined : numbers; // time
  });
}

function vector(text: string, where: string): number[] {
  const numbers = /^\((.*)\)$/
    .exec(text.trim())?.[1]
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const ok = numbers && numbers.length >= 1 && numbers.length <= 4;
  if (ok && (numbers.every(Number.isFinite) || /^\(\s*nan/i.test(text))) return numbers;
  throw new InputError({ where, what: 'a vector of its space is none', expected: '(x,y,z)', got: text });
}

/** By the vectors, else by the kinds; where neither says, the first three axes are space and a fourth is frames. */
function roles(
  many: number,
  kinds: readonly string[] | undefined,
  vectors: readonly (readonly number[] | undefined)[] | undefined,
  where: string,
): VoxelAxis[] {
  const domain = (kind: string | undefined) => kind === undefined || /^(domain|space|\?\?\?)$/.test(kind);
  const inSpace = Array.from({ length: many }, (_, i) => (vectors ? vectors[i] !== undefined : domain(kinds?.[i])));
  if (!vectors && inSpace.filter(Boolean).length === 4 && inSpace[3]) inSpace[3] = false;
  const space: VoxelAxis[] = ['x', 'y', 'z'];
  const others = inSpace.flatMap((spatial, i) => (spatial ? [] : [i]));
  const spatial = many - others.length;
  if (spatial < 1 || spatial > 3 || others.length > 2) {
    const got = `${spatial} in space and ${others.length} others`;
    throw new InputError({ where, what: 'its axes cannot be told', expected: '1 to 3 in space, 2 others', got });
  }
  const isTime = (i: number) => kinds?.[i] === 'time' || (domain(kinds?.[i]) && i === 3);
  const frames = others.filter(isTime);
  if (frames.length === 0 && others.length === 2) frames.push(...others.filter((i) => kinds?.[i] === 'list'));
  if (others.length === 2 && frames.length !== 1) {
    const got = others.map((i) => kinds?.[i] ?? 'no kind').join(' and ');
    throw new InputError({ where, what: 'its axes cannot be told', expected: 'one of frames, one of channels', got });
  }
  return inSpace.map((one, i) => (one ? space.shift()! : frames.includes(i) ? 't' : 'c'));
}

function lengths(text: string | undefined): number[] {
  return text?.match(/"[^"]*"|\S+/g)?.map((unit) => millimetres[unit.replace(/"/g, '').toLowerCase()] ?? 1) ?? [];
}

/** Where the image has fewer than three axes, the others are of length 1 and square to those it has. */
function completed(affine: Affine, axes: readonly VoxelAxis[]): void {
  const column = (c: number) => [affine[c], affine[4 + c], affine[8 + c]];
  const [a, b] = [column(0), column(1)];
  if (!axes.includes('y')) {
    const least = a.map(Math.abs).indexOf(Math.min(...a.map(Math.abs)));
    const other = [0, 1, 2].map((i) => (i === least ? 1 : 0));
    setUnit(affine, 1, cross(a, other));
    b.splice(0, 3, ...column(1));
  }
  if (!axes.includes('z')) setUnit(affine, 2, cross(a, b));
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function setUnit(affine: Affine, column: number, direction: readonly number[]): void {
  const length = Math.hypot(...direction);
  for (let row = 0; row < 3; row++) affine[row * 4 + column] = direction[row] / length;
}

function bySpacing(
  axes: readonly VoxelAxis[],
  vectors: readonly (readonly number[] | undefined)[] | undefined,
  fields: ReadonlyMap<string, string>,
  units: readonly number[],
  where: string,
): Affine {
  const spacings = listed(fields.get('spacings'), axes.length, 'spacings', where)?.map(Number);
  const each = lengths(fields.get('units'));
  const affine = identityAffine();
  (['x', 'y', 'z'] as const).forEach((axis, i) => {
    const at = axes.indexOf(axis);
    if (at < 0) return;
    const along = vectors?.[at]?.slice(0, 3).map((value, row) => value * (units[row] ?? 1));
    const mm = along
      ? Math.hypot(...along)
      : spacings && !Number.isNaN(spacings[at])
        ? spacings[at] * (each[at] ?? 1)
        : 1;
    checkedSpacing([mm], where, along ? 'space directions' : 'spacings');
    affine[i * 5] = mm;
  });
  return affine;
}
