/** What the pages of a TIFF stack are: slices, unless ImageJ's or OME's description tells channels and time points too. */
import { InputError } from '../../errors.ts';

export interface StackShape {
  readonly depth: number;
  readonly channels: number;
  readonly frames: number;
  readonly placeOf: (page: number) => { readonly slice: number; readonly channel: number; readonly frame: number };
}

/**
 * @param description of the first page
 * @throws InputError where it tells of more or fewer pages than there are
 */
export function stackShape(description: string | undefined, pages: number, where: string): StackShape {
  const told = description === undefined ? undefined : (imageJ(description) ?? ome(description));
  const sizes = told?.sizes ?? { Z: pages, C: 1, T: 1 };
  const many = sizes.Z * sizes.C * sizes.T;
  if (many !== pages) {
    const what = 'its description tells of other pages than it has';
    throw new InputError({ where, what, expected: `${sizes.Z} x ${sizes.C} x ${sizes.T}`, got: `${pages}` });
  }
  const order = told?.order ?? 'ZCT'; // fastest first
  return {
    depth: sizes.Z,
    channels: sizes.C,
    frames: sizes.T,
    placeOf: (page) => {
      const at = { Z: 0, C: 0, T: 0 };
      let rest = page;
      for (const axis of order as Iterable<'Z' | 'C' | 'T'>) {
        at[axis] = rest % sizes[axis];
        rest = Math.floor(rest / sizes[axis]);
      }
      return { slice: at.Z, channel: at.C, frame: at.T };
    },
  };
}

interface Told {
  readonly sizes: { readonly Z: number; readonly C: number; readonly T: number };
  readonly order: string;
}

function imageJ(description: string): Told | undefined {
  if (!description.startsWith('ImageJ=')) return undefined;
  const number = (key: string) => Number(new RegExp(`^${key}=(\\d+)`, 'm').exec(description)?.[1] ?? 1);
  const [images, C, T] = [number('images'), number('channels'), number('frames')];
  const Z = /^slices=/m.test(description) ? number('slices') : Math.max(1, Math.round(images / (C * T)));
  return { sizes: { Z, C, T }, order: 'CZT' };
}

function ome(description: string): Told | undefined {
  const pixels = /<(?:\w+:)?Pixels\s[^>]*>/.exec(description)?.[0];
  const order = pixels && /DimensionOrder="XY([ZCT]{3})"/.exec(pixels)?.[1];
  if (!pixels || !order || new Set(order).size !== 3) return undefined;
  const number = (key: string) => Number(new RegExp(`${key}="(\\d+)"`).exec(pixels)?.[1] ?? 1);
  const samples = Number(/SamplesPerPixel="(\d+)"/.exec(description)?.[1] ?? 1);
  return { sizes: { Z: number('SizeZ'), C: Math.max(1, number('SizeC') / samples), T: number('SizeT') }, order };
}
