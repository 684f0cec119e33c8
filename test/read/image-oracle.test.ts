/** Files as other programs write them, against the numbers those programs read (scripts/fixtures/images.py). */
import { describe, expect, test } from 'vitest';
import { readImage, readImageHeader } from '../../src/read/image.ts';
import { fixture } from '../fixtures/fixture.ts';

interface Expected {
  readonly name: string;
  readonly file: string;
  readonly beside?: Readonly<Record<string, string>>;
  readonly shape: readonly [number, number, number, number, number];
  readonly values?: readonly number[];
  readonly sum?: number;
  readonly at?: readonly (readonly [number, number])[];
  readonly affine?: readonly number[];
  readonly tolerance?: number;
  readonly type?: string;
  readonly warnings?: readonly string[];
  readonly frameSeconds?: number;
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const { files } = fixture<{ files: readonly Expected[] }>('images');

describe('a file of another program', () => {
  test.each(files)('$name has the numbers and the place that program gives it', async (expected) => {
    const { name, shape, tolerance = 0 } = expected;
    const sibling = async (file: string) => {
      const text = expected.beside?.[file];
      return text === undefined ? undefined : bytesOf(text);
    };
    const volume = await readImage(bytesOf(expected.file), { name, sibling });
    expect([volume.frames, volume.channels, ...volume.shape]).toEqual(shape);
    const close = (got: number, value: number, at: number) =>
      expect(Math.abs(got - value), `number ${at}: ${got}, not ${value}`).toBeLessThanOrEqual(tolerance);
    expected.values?.forEach((value, i) => close(volume.data[i], value, i));
    for (const [i, value] of expected.at ?? []) close(volume.data[i], value, i);
    if (expected.sum !== undefined && tolerance < 1)
      expect([...volume.data].reduce((a, b) => a + b, 0)).toBeCloseTo(expected.sum, 3);
    expect(volume.placed).toBe(expected.affine !== undefined || /itk-vector/.test(name) || name === 'scaled.nii');
    expected.affine?.forEach((value, i) => expect(volume.affine[i]).toBeCloseTo(value, 4));
    if (expected.type !== undefined) expect(volume.stored.type).toBe(expected.type);
    if (expected.frameSeconds !== undefined) expect(volume.frameSeconds).toBeCloseTo(expected.frameSeconds, 6);
    expect(volume.warnings.map(({ code }) => code)).toEqual(expected.warnings ?? []);
    const { data: _, ...header } = volume;
    expect(await readImageHeader(bytesOf(expected.file), { name, sibling })).toEqual(header);
  });
});
