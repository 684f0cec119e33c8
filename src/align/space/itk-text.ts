/** Transforms as ITK's text (.tfm), which SimpleITK and 3D Slicer read and write. Its world is LPS: x and y run the other way. */
import { type Affine, composeAffines, determinant, type Grid, spacingMm } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { itkLinear, itkLinearKinds } from './itk-linear.ts';
import type { AffineTransform, BSplineTransform, SpatialTransform } from './transform.ts';

/** Of linear transforms of three dimensions, of cubic B-splines, or of several (ITK applies the last one first). */
export function openTfm(text: string, name: string): SpatialTransform {
  const parts: SpatialTransform[] = [];
  const fields = { Parameters: [] as number[], FixedParameters: [] as number[] };
  let type = '';
  const finish = () => {
    if (type && !type.startsWith('CompositeTransform')) parts.push(partOf(type, fields, name));
  };
  for (const line of text.split(/\r?\n/)) {
    const [, key, value = ''] = /^(\w+):\s*(.*)$/.exec(line) ?? [];
    if (key === 'Transform') {
      finish();
      type = value.trim();
      fields.Parameters = [];
      fields.FixedParameters = [];
    } else if (key === 'Parameters' || key === 'FixedParameters') {
      fields[key] = value.trim() ? value.trim().split(/\s+/).map(Number) : [];
    }
  }
  finish();
  if (parts.length === 0) throw new InputError({ where: name, what: 'no transform in it', expected: 'at least one' });
  return parts.length === 1 ? parts[0] : { kind: 'composite', parts: parts.reverse() };
}

interface Fields {
  readonly Parameters: readonly number[];
  readonly FixedParameters: readonly number[];
}

function partOf(type: string, { Parameters, FixedParameters }: Fields, name: string): SpatialTransform {
  const [kind] = type.split('_');
  const isBSpline = kind === 'BSplineTransform';
  if (!(isBSpline || kind in itkLinearKinds) || !/_3_3$/.test(type)) {
    const expected = `one of ${Object.keys(itkLinearKinds).join(', ')}, BSplineTransform in three dimensions`;
    throw new InputError({ where: name, what: 'a transform that is not read', expected, got: type });
  }
  const many = isBSpline ? 3 * controlPoints(FixedParameters, `${name}: ${type}`) : itkLinearKinds[kind];
  if (Parameters.length !== many || ![...Parameters, ...FixedParameters].every(Number.isFinite)) {
    const [what, expected] = [`${type}: Parameters`, `${many} numbers`];
    throw new InputError({ where: name, what, expected, got: `${Parameters.length}` });
  }
  if (isBSpline) return bSplineOf(Parameters, FixedParameters);
  const { model, matrix } = itkLinear(kind, Parameters, FixedParameters);
  if (Math.abs(determinant(matrix)) > 1e-12) return { kind: 'affine', model, matrix: turned(matrix) };
  throw new InputError({ where: name, what: `${type} flattens space`, expected: 'a matrix that can be inverted' });
}

/** ITK's fixed parameters: counts, origin, spacing and direction (row by row) of the control points. */
function controlPoints(fixed: readonly number[], where: string): number {
  const counts = fixed.slice(0, 3);
  const whole = counts.every((count) => Number.isInteger(count) && count >= 4 && count < 4096);
  if (fixed.length !== 18 || !whole || !(Math.abs(determinant(gridAffine(fixed))) > 1e-12)) {
    const expected = 'counts of 4 or more, origin, spacing and direction of control points';
    throw new InputError({ where: `${where}: FixedParameters`, what: 'unusable', expected, got: fixed.join(' ') });
  }
  return counts[0] * counts[1] * counts[2];
}

function gridAffine(fixed: readonly number[]): Affine {
  const row = (r: number) => [0, 1, 2].map((c) => fixed[9 + r * 3 + c] * fixed[6 + c]);
  return Float64Array.of(...row(0), fixed[3], ...row(1), fixed[4], ...row(2), fixed[5], 0, 0, 0, 1);
}

function bSplineOf(parameters: readonly number[], fixed: readonly number[]): BSplineTransform {
  const [width, height, depth] = fixed;
  const leftBack = (parameters.length / 3) * 2;
  const grid: Grid = { shape: [depth, height, width], affine: composeAffines(flip, gridAffine(fixed)) };
  const coefficients = Float64Array.from(parameters, (mm, at) => (at < leftBack ? 0 - mm : mm));
  return { kind: 'bSpline', dimensions: 3, grid, coefficients };
}

const flip = Float64Array.of(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

/** Between RAS and LPS, both ways. */
function turned(matrix: Affine): Affine {
  return composeAffines(composeAffines(flip, matrix), flip).map((value) => value + 0); // no -0
}

/**
 * As ITK text: an affine of whatever model as an `AffineTransform` about the origin, a deformation as a `BSplineTransform`,
 * several as a `CompositeTransform`.
 *
 * @throws InputError for a deformation of two dimensions, or one whose control points stand on a sheared grid
 */
export function writeTfm(transform: SpatialTransform): string {
  const parts = flattened(transform).reverse();
  const blocks = parts.length > 1 ? ['Transform: CompositeTransform_double_3_3\n'] : [];
  for (const part of parts) blocks.push(part.kind === 'affine' ? affineText(part) : bSplineText(part));
  const numbered = blocks.map((block, at) => `#Transform ${at}\n${block}`).join('');
  return `#Insight Transform File V1.0\n${numbered}`;
}

function flattened(transform: SpatialTransform): (AffineTransform | BSplineTransform)[] {
  return transform.kind === 'composite' ? transform.parts.flatMap(flattened) : [transform];
}

function affineText({ matrix }: AffineTransform): string {
  const m = turned(matrix);
  const linear = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => m[row * 4 + column]));
  return block('AffineTransform', [...linear, m[3], m[7], m[11]], [0, 0, 0]);
}

function bSplineText({ grid, coefficients, dimensions }: BSplineTransform): string {
  const where = 'writeTfm';
  if (dimensions === 2) {
    throw new InputError({
      where,
      what: 'a deformation of two dimensions',
      expected: 'one of three, or saveTransform',
    });
  }
  const a = composeAffines(flip, grid.affine);
  const spacing = spacingMm(grid);
  const direction = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => a[row * 4 + column] / spacing[column]));
  const between = (p: number, q: number) => [0, 3, 6].reduce((sum, r) => sum + direction[r + p] * direction[r + q], 0);
  if (Math.max(...[between(0, 1), between(0, 2), between(1, 2)].map(Math.abs)) > 1e-6) {
    throw new InputError({
      where,
      what: 'control points on a sheared grid',
      expected: 'right angles, or saveTransform',
    });
  }
  const [depth, height, width] = grid.shape;
  const fixed = [width, height, depth, a[3], a[7], a[11], ...spacing, ...direction];
  const parameters = Array.from(coefficients, (mm, at) => (at < 2 * width * height * depth ? 0 - mm : mm));
  return block('BSplineTransform', parameters, fixed);
}

function block(kind: string, parameters: readonly number[], fixed: readonly number[]): string {
  return `Transform: ${kind}_double_3_3\nParameters: ${parameters.join(' ')}\nFixedParameters: ${fixed.join(' ')}\n`;
}
