/** Transforms as files: our JSON, which holds every kind, and ITK's text (.tfm), which SimpleITK and Slicer read. */
import { type Affine, determinant, type Grid } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { type AffineTransform, affineModels, type SpatialTransform } from './transform.ts';

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
 * @param text of a file that `saveTransform` or `writeTfm` wrote, or another .tfm of a linear transform
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
  const grid = checkedGrid(given.grid, `${where}.grid`);
  const [depthOf, height, width] = grid.shape;
  const many = 3 * depthOf * height * width;
  const coefficients = numbers(given.coefficients, many);
  if (!coefficients) throw unusable(`${where}.coefficients`, `${many} numbers`, given.coefficients);
  return { kind: 'bSpline', dimensions, grid, coefficients };
}

function checkedGrid(value: unknown, where: string): Grid {
  const { shape, affine } = (value ?? {}) as Record<string, unknown>;
  const counts = Array.isArray(shape) && shape.length === 3 ? shape : [];
  const whole = counts.length === 3 && counts.every((count) => Number.isInteger(count) && count > 0 && count < 4096);
  if (!whole) throw unusable(`${where}.shape`, 'three whole numbers', shape);
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

/** ITK's world is LPS: x and y run the other way. */
function lps(matrix: Affine): Affine {
  return matrix.map((value, at) => {
    const [row, column] = [Math.floor(at / 4), at % 4];
    return (row < 2 ? -1 : 1) * (column < 2 ? -1 : 1) * value;
  });
}

/** As ITK text, an `AffineTransform_double_3_3` about the origin: whatever its model, the same map. */
export function writeTfm({ matrix }: AffineTransform): string {
  const m = lps(matrix);
  const linear = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => m[row * 4 + column]));
  const parameters = [...linear, m[3], m[7], m[11]].join(' ');
  return `#Insight Transform File V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\nParameters: ${parameters}\nFixedParameters: 0 0 0\n`;
}

/** Linear transforms of three dimensions, one or several (a `CompositeTransform` applies its last first). */
function openTfm(text: string, name: string): SpatialTransform {
  const parts: AffineTransform[] = [];
  const fields = { Parameters: [] as number[], FixedParameters: [] as number[] };
  let type = '';
  const finish = () => {
    if (type && !type.startsWith('CompositeTransform')) parts.push(itkLinear(type, fields, name));
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

function itkLinear(
  type: string,
  {
    Parameters: p,
    FixedParameters: c,
  }: { readonly Parameters: readonly number[]; readonly FixedParameters: readonly number[] },
  name: string,
): AffineTransform {
  const [kind] = type.split('_');
  const many: Record<string, number> = {
    AffineTransform: 12,
    Euler3DTransform: 6,
    VersorRigid3DTransform: 6,
    Similarity3DTransform: 7,
    TranslationTransform: 3,
  };
  if (!(kind in many) || !/_3_3$/.test(type)) {
    const expected = `one of ${Object.keys(many).join(', ')} in three dimensions`;
    throw new InputError({ where: name, what: 'a transform that is not read', expected, got: type });
  }
  if (p.length !== many[kind] || ![...p, ...c].every(Number.isFinite)) {
    throw new InputError({
      where: name,
      what: `${type}: Parameters`,
      expected: `${many[kind]} numbers`,
      got: `${p.length}`,
    });
  }
  const linear = linearOf(kind, p, c);
  const shift = p.slice(
    kind === 'AffineTransform' ? 9 : kind === 'TranslationTransform' ? 0 : 3,
    kind === 'AffineTransform' ? 12 : kind === 'TranslationTransform' ? 3 : 6,
  );
  const m = new Float64Array(16); // [4, 4], LPS
  for (let row = 0; row < 3; row++) {
    let about = 0;
    for (let column = 0; column < 3; column++) {
      m[row * 4 + column] = linear[row * 3 + column];
      about += linear[row * 3 + column] * (c[column] ?? 0);
    }
    m[row * 4 + 3] = shift[row] + (kind === 'TranslationTransform' ? 0 : (c[row] ?? 0) - about);
  }
  m[15] = 1;
  const models = {
    AffineTransform: 'affine',
    Similarity3DTransform: 'similarity',
    TranslationTransform: 'translation',
  } as const;
  return { kind: 'affine', model: models[kind as keyof typeof models] ?? 'rigid', matrix: lps(m) };
}

/** The 3 x 3 part, row-major. */
function linearOf(kind: string, p: readonly number[], fixed: readonly number[]): readonly number[] {
  if (kind === 'AffineTransform') return p.slice(0, 9);
  if (kind === 'TranslationTransform') return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  if (kind === 'Euler3DTransform') return euler(p, fixed[3] === 1);
  const scale = kind === 'Similarity3DTransform' ? p[6] : 1;
  return versor(p[0], p[1], p[2]).map((one) => one * scale);
}

/** ITK's order: Rz Rx Ry unless the file says Rz Ry Rx. */
function euler([ax, ay, az]: readonly number[], zyx: boolean): number[] {
  const [cx, sx, cy, sy, cz, sz] = [ax, ay, az].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  const rx = [1, 0, 0, 0, cx, -sx, 0, sx, cx];
  const ry = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  const rz = [cz, -sz, 0, sz, cz, 0, 0, 0, 1];
  return zyx ? product(rz, product(ry, rx)) : product(rz, product(rx, ry));
}

/** The rotation of a unit quaternion whose scalar part is not negative. */
function versor(x: number, y: number, z: number): number[] {
  const w = Math.sqrt(Math.max(0, 1 - x * x - y * y - z * z));
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

function product(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return a[row * 3] * b[column] + a[row * 3 + 1] * b[3 + column] + a[row * 3 + 2] * b[6 + column];
  });
}
