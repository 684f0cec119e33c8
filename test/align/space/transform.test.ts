import { describe, expect, it } from 'vitest';
import {
  type AffineTransform,
  type BSplineTransform,
  composeTransforms,
  inversePoints,
  invertTransform,
  type SpatialTransform,
  transformPoints,
} from '../../../src/align/space/transform.ts';
import { openTransform, saveTransform, writeTfm } from '../../../src/align/space/transform-file.ts';
import { identityAffine } from '../../../src/array/grid.ts';
import { random } from '../../../src/array/random.ts';
import fixture from '../../fixtures/transforms.json' with { type: 'json' };

const turn: AffineTransform = {
  kind: 'affine',
  model: 'rigid',
  matrix: Float64Array.of(0, -1, 0, 5, 1, 0, 0, -3, 0, 0, 1, 2, 0, 0, 0, 1),
};
const shift: AffineTransform = { kind: 'affine', model: 'translation', matrix: withShift(1, 2, 3) };

function withShift(x: number, y: number, z: number): Float64Array {
  const matrix = identityAffine();
  matrix[3] = x;
  matrix[7] = y;
  matrix[11] = z;
  return matrix;
}

function deformation(size = 1, dimensions: 2 | 3 = 3): BSplineTransform {
  const draw = random(4);
  const shape = dimensions === 3 ? ([8, 8, 8] as const) : ([1, 8, 8] as const);
  const affine = Float64Array.of(10, 0, 0, -35, 0, 10, 0, -35, 0, 0, 10, -35, 0, 0, 0, 1);
  const coefficients = Float64Array.from({ length: 3 * shape[0] * 64 }, () => size * draw.normal());
  if (dimensions === 2) coefficients.fill(0, 128); // pictures stay in their plane
  return { kind: 'bSpline', dimensions, grid: { shape, affine }, coefficients };
}

const points = Float64Array.from({ length: 60 }, (_, at) => 15 * Math.sin(at * 1.7));
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);

describe('a transform', () => {
  it('takes points of fixed space to moving space', () => {
    expect(Array.from(transformPoints(turn, Float64Array.of(1, 0, 0)))).toEqual([5, -2, 2]);
  });

  it('of a B-spline moves a point by what the control points around it say, and nothing where there are none', () => {
    const everywhere = deformation();
    everywhere.coefficients.fill(2, 0, 512);
    everywhere.coefficients.fill(0, 512);
    expect(
      worst(
        transformPoints(everywhere, points),
        points.map((value, at) => value + (at % 3 === 0 ? 2 : 0)),
      ),
    ).toBeLessThan(1e-12);
    expect(Array.from(transformPoints(everywhere, Float64Array.of(90, 0, 0)))).toEqual([90, 0, 0]);
    const flat = deformation(1, 2);
    const [, , z] = transformPoints(flat, Float64Array.of(3, 4, 7));
    expect(z).toBe(7);
  });

  it('composes: the first part first, affines folded into one of the freer model', () => {
    const both = composeTransforms(turn, shift);
    expect(both.kind === 'affine' && both.model).toBe('rigid');
    const [one, two] = [transformPoints(both, points), transformPoints(shift, transformPoints(turn, points))];
    expect(worst(one, two)).toBeLessThan(1e-12);
    const mixed = composeTransforms(composeTransforms(turn, deformation()), composeTransforms(shift, turn));
    expect(mixed.kind === 'composite' && mixed.parts.map(({ kind }) => kind)).toEqual(['affine', 'bSpline', 'affine']);
    const all: SpatialTransform[] = [turn, deformation(), shift, turn];
    const steps = all.reduce<Float64Array>((at, part) => transformPoints(part, at), points);
    expect(worst(transformPoints(mixed, points), steps)).toBeLessThan(1e-12);
  });

  it('has an inverse: of an affine in closed form, of the others at given points, with what is left', () => {
    const back = invertTransform(turn);
    expect(worst(transformPoints(back, transformPoints(turn, points)), points)).toBeLessThan(1e-12);
    for (const one of [deformation(), composeTransforms(turn, deformation())]) {
      const { points: found, residualMm } = inversePoints(one, transformPoints(one, points));
      expect(worst(found, points)).toBeLessThan(1e-5);
      expect(residualMm).toBeLessThan(1e-5);
    }
    expect(() => invertTransform(deformation())).toThrow('invertTransform: a deformation has no inverse of its kind');
    expect(() => transformPoints(turn, new Float64Array(4))).toThrow(
      'transformPoints: not points, expected three numbers',
    );
    const flat: AffineTransform = { ...turn, matrix: new Float64Array(16) };
    expect(() => invertTransform(flat)).toThrow('invertTransform: no inverse');
  });
});

describe('a transform file', () => {
  const kinds: SpatialTransform[] = [turn, deformation(), deformation(1, 2), composeTransforms(turn, deformation())];

  it.each(kinds)('holds a transform of kind $kind', (one) => {
    expect(openTransform(saveTransform(one), 't.json')).toEqual(one);
  });

  it.each(Object.entries(fixture.transforms))('of ITK takes points where SimpleITK does: %s', (_, one) => {
    const transform = openTransform(one.text, 't.tfm');
    const lps = (numbers: readonly number[]) => Float64Array.from(numbers, (mm, at) => (at % 3 === 2 ? mm : -mm));
    expect(worst(transformPoints(transform, lps(one.points)), lps(one.moved))).toBeLessThan(1e-12);
    const again = openTransform(writeTfm(transform), 't.tfm');
    expect(worst(transformPoints(again, lps(one.points)), lps(one.moved))).toBeLessThan(1e-12);
  });

  // Of each, the point (10, 20, 30) as SimpleITK 2.5.7 moves it.
  it.each([
    ['IdentityTransform', '', '', [10, 20, 30]],
    ['ScaleTransform', '1.1 0.9 1', '0 0 0', [11, 18, 30]],
    ['VersorTransform', '0 0 0.09983341664682815', '3 3 3', [6.48308742137265, 21.051817138866536, 30]],
    [
      'ScaleVersor3DTransform',
      '0.04997916927067833 0 0 0 0 0 1.1 0.95 1.02',
      '0 0 0',
      [11, 15.90508080615567, 32.44679329127734],
    ],
    [
      'ScaleSkewVersor3DTransform',
      '0.04997916927067833 0 0 0 0 0 1.1 0.95 1.02 0.02 0.03 0 0.01 0 0.05',
      '0 0 0',
      [12.3, 16.20508080615567, 33.44679329127734],
    ],
  ])('of ITK may be of kind %s', (kind, parameters, fixed, [x, y, z]) => {
    const text = `#Insight Transform File V1.0\nTransform: ${kind}_double_3_3\nParameters: ${parameters}\nFixedParameters: ${fixed}\n`;
    const moved = transformPoints(openTransform(text, 't.tfm'), Float64Array.of(-10, -20, 30));
    expect(worst(moved, Float64Array.of(-x, -y, z))).toBeLessThan(1e-12);
  });

  it('is written as ITK text in LPS, the last part first', () => {
    expect(writeTfm(turn)).toBe(
      '#Insight Transform File V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\n' +
        'Parameters: 0 -1 0 1 0 0 0 0 1 -5 3 2\nFixedParameters: 0 0 0\n',
    );
    const types = writeTfm(composeTransforms(deformation(), turn)).match(/(?<=Transform: )\w+/g);
    expect(types).toEqual([
      'CompositeTransform_double_3_3',
      'AffineTransform_double_3_3',
      'BSplineTransform_double_3_3',
    ]);
  });

  it('of ITK cannot hold a deformation of a plane, nor one on a sheared grid', () => {
    expect(() => writeTfm(deformation(1, 2))).toThrow('writeTfm: a deformation of two dimensions');
    const sheared = deformation();
    sheared.grid.affine[1] = 2;
    expect(() => writeTfm(sheared)).toThrow('writeTfm: control points on a sheared grid');
  });

  it.each([
    ['{', 't: not a transform, expected JSON that `image register` wrote, or an ITK text transform (.tfm)'],
    ['{"kind":"model"}', 't: not a transform, expected kind "transform", got "model"'],
    ['{"kind":"transform","version":9}', 't: from a newer consilience, expected version 1 at most, got version 9'],
    [
      '{"kind":"transform","version":1}',
      't: transform: unusable, expected a transform of kind affine, bSpline or composite',
    ],
    [
      '{"kind":"transform","version":1,"transform":{"kind":"affine","model":"rigid","matrix":[[1,0,0,0],[0,0,0,0],[0,0,1,0],[0,0,0,1]]}}',
      't: transform.matrix: unusable, expected a matrix that can be inverted',
    ],
    [
      '{"kind":"transform","version":1,"transform":{"kind":"affine","model":"bent","matrix":[]}}',
      't: transform.model: unusable, expected one of translation, rigid, similarity, affine, got "bent"',
    ],
    [
      '#Insight Transform File V1.0\nTransform: Euler2DTransform_double_2_2\nParameters: 1 2 3\n',
      't: a transform that is not read, expected one of AffineTransform, Euler3DTransform',
    ],
    [
      '#Insight Transform File V1.0\nTransform: BSplineTransform_double_3_3\nParameters: 1\nFixedParameters: 3 4 4\n',
      't: BSplineTransform_double_3_3: FixedParameters: unusable, expected counts of 4 or more',
    ],
    [
      '#Insight Transform File V1.0\nTransform: AffineTransform_double_3_3\nParameters: 1 0 0 0 1 0 0 0 0 0 0 0\n',
      't: AffineTransform_double_3_3 flattens space, expected a matrix that can be inverted',
    ],
    [
      '#Insight Transform File V1.0\nTransform: Euler3DTransform_double_3_3\nParameters: 1 2\n',
      't: Euler3DTransform_double_3_3: Parameters, expected 6 numbers, got 2',
    ],
    ['#Insight Transform File V1.0\n', 't: no transform in it'],
    [
      '{"kind":"transform","version":1,"transform":{"kind":"bSpline","dimensions":3,"grid":{"shape":[3,4,4],"affine":[]}}}',
      't: transform.grid.shape: unusable, expected three whole numbers from 4, 4, 4 on, got [3,4,4]',
    ],
  ])('that is none is refused: %s', (text, message) => {
    expect(() => openTransform(text, 't')).toThrow(message);
  });
});
