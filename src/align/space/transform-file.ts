/** Transforms as files: our JSON, which holds every kind, and ITK's text (.tfm), which SimpleITK and Slicer read. */
import { type Affine, determinant, type Grid } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { openTfm } from './itk-text.ts';
import { affineModels, type SpatialTransform } from './transform.ts';

export { writeTfm } from './itk-text.ts';

const version = 1;

/** `{ kind: 'transform', version, transform }`: from fixed to moving space, RAS millimetres. */
export function saveTransform(transform: SpatialTransform): string {
  return `${JSON.stringify({ kind: 'transform', version, transform: plain(transform) }, null, 1)}\n`;
}

function plain(transform: SpatialTransform): object {
  if (transform.kind === 'affine') return { ...transform, matrix: rowsOf(transform.matrix) };
  if (transform.kind === 'composite') return { kind: transform.kind, parts: transform.parts.map(plain) };
  const { grid, coefficients, ...rest } = transform;
  return { ...rest, grid: { shape: grid.shape, affine: rowsOf(grid.affine) }, coefficients: Array.from(coefficients) };
}

function rowsOf(affine: Affine): number[][] {
  return [0, 4, 8, 12].map((row) => Array.from(affine.subarray(row, row + 4)));
}

/**
 * @param text of a file that `saveTransform` or `writeTfm` wrote, or another .tfm (see `openTfm`)
 * @param name the file's name, for messages
 * @throws InputError where it is neither, from a newer version, or has a value that is none of a transform
 */
export function openTransform(text: string, name: string): SpatialTransform {
  if (text.startsWith('#Insight Transform File')) return openTfm(text, name);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const expected = 'JSON that `image register` wrote, or an ITK text transform (.tfm)';
    throw new InputError({ where: name, what: 'not a transform', expected, cause });
  }
  const { kind, version: found, transform } = (json ?? {}) as Record<string, unknown>;
  if (kind !== 'transform') {
    throw new InputError({
      where: name,
      what: 'not a transform',
      expected: 'kind "transform"',
      got: JSON.stringify(kind),
    });
  }
  if (!(Number.isInteger(found) && (found as number) >= 1 && (found as number) <= version)) {
    const expected = `version ${version} at most`;
    throw new InputError({ where: name, what: 'from a newer consilience', expected, got: `version ${String(found)}` });
  }
  return checked(transform, `${name}: transform`, 0);
}

function checked(value: unknown, where: string, depth: number): SpatialTransform {
  const given = (value ?? {}) as Record<string, unknown>;
  if (given.kind === 'affine') {
    const model = affineModels.find((one) => one === given.model);
    if (!model) throw unusable(`${where}.model`, `one of ${affineModels.join(', ')}`, given.model);
    return { kind: 'affine', model, matrix: checkedMatrix(given.matrix, `${where}.matrix`) };
  }
  if (given.kind === 'composite' && Array.isArray(given.parts) && given.parts.length > 0 && depth < 8) {
    return {
      kind: 'composite',
      parts: given.parts.map((part, at) => checked(part, `${where}.parts.${at}`, depth + 1)),
    };
  }
  if (given.kind !== 'bSpline') {
    throw unusable(where, 'a transform of kind affine, bSpline or composite', given.kind);
  }
  const { dimensions } = given;
  if (dimensions !== 2 && dimensions !== 3) throw unusable(`${where}.dimensions`, '2 or 3', dimensions);
  const grid = checkedGrid(given.grid, `${where}.grid`, dimensions);
  const [depthOf, height, width] = grid.shape;
  const many = 3 * depthOf * height * width;
  const coefficients = numbers(given.coefficients, many);
  if (!coefficients) throw unusable(`${where}.coefficients`, `${many} numbers`, given.coefficients);
  return { kind: 'bSpline', dimensions, grid, coefficients };
}

/** Of control points: fewer than four along an axis would move nothing. */
function checkedGrid(value: unknown, where: string, dimensions: 2 | 3): Grid {
  const { shape, affine } = (value ?? {}) as Record<string, unknown>;
  const counts = Array.isArray(shape) && shape.length === 3 ? shape : [];
  const least = dimensions === 3 ? [4, 4, 4] : [1, 4, 4];
  const whole = counts.every((count, axis) => Number.isInteger(count) && count >= least[axis] && count < 4096);
  if (counts.length === 0 || !whole) {
    throw unusable(`${where}.shape`, `three whole numbers from ${least.join(', ')} on`, shape);
  }
  const [depth, height, width] = counts as number[];
  return { shape: [depth, height, width], affine: checkedMatrix(affine, `${where}.affine`) };
}

function checkedMatrix(value: unknown, where: string): Affine {
  const flat = Array.isArray(value) ? numbers(value.flat(), 16) : undefined;
  const ok = flat && [0, 0, 0, 1].every((one, at) => flat[12 + at] === one);
  if (!ok) throw unusable(where, 'four rows of four numbers, the last 0 0 0 1', value);
  if (!(Math.abs(determinant(flat)) > 1e-12)) throw unusable(where, 'a matrix that can be inverted', value);
  return flat;
}

function numbers(value: unknown, many: number): Float64Array | undefined {
  if (!Array.isArray(value) || value.length !== many) return undefined;
  return value.every((one) => typeof one === 'number' && Number.isFinite(one)) ? Float64Array.from(value) : undefined;
}

function unusable(where: string, expected: string, got: unknown): InputError {
  return new InputError({ where, what: 'unusable', expected, got: (JSON.stringify(got) ?? 'nothing').slice(0, 80) });
}
