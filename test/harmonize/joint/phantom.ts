/**
 * Heads whose truth is known: a ring of bone about soft tissue and fluid, of which each slice has more or less, seen by a
 * scanner of CT and one of MR as y = a (h * x) + n, h a blur over 3 x 3 pixels.
 */
import { type Random, random } from '../../../src/array/random.ts';
import { wassersteinBetween } from './wasserstein.ts';

export const side = 64;
export const air = 255;
export const [fluid, soft, bone] = [0, 1, 2];
export const tissueNames = ['fluid', 'soft', 'bone'];

export interface Scanner {
  /** Gain of CT and MR. */
  readonly a: readonly [ct: number, mr: number];
  /** Sd of the noise, before the gain. */
  readonly noise: number;
  /** How much brighter CT soft tissue is where all of the head is bone, as a share of itself: a hardened beam. */
  readonly hardening?: number;
}

export interface Slice {
  readonly values: readonly [ct: Float64Array, mr: Float64Array];
  readonly mask: Uint8Array;
  readonly tissues: Uint8Array;
}

const trueValues = { ct: [20, 40, 120], mr: [170, 90, 15] }; // [tissues]

export function phantomSubject(seed: number, { a, noise, hardening = 0 }: Scanner, slices = 14): { scans: Slice[] } {
  const draw = random(seed);
  const scans = Array.from({ length: slices }, (_, s) => {
    // Thick at both ends of the head, thin in its middle.
    const thickness = 3 + 11 * Math.abs((2 * s) / (slices - 1) - 1) + draw.uniform();
    const tissues = tissuesOf(thickness, 5 + 3 * draw.uniform());
    const head = tissues.filter((tissue) => tissue !== air).length;
    const share = tissues.filter((tissue) => tissue === bone).length / head;
    const ct = seen(tissues, trueValues.ct, 1 + hardening * share, a[0], noise, draw);
    const mr = seen(tissues, trueValues.mr, 1, a[1], noise, draw);
    const mask = tissues.map((tissue) => (tissue === air ? 0 : 1));
    return { values: [ct, mr] as const, mask, tissues: unmixed(tissues) };
  });
  return { scans };
}

function tissuesOf(thickness: number, ventricle: number): Uint8Array {
  return Uint8Array.from({ length: side * side }, (_, i) => {
    const from = Math.hypot((i % side) - side / 2, Math.floor(i / side) - side / 2);
    if (from > 29) return air;
    if (from > 29 - thickness) return bone;
    return from < ventricle ? fluid : soft;
  });
}

/** Pixels whose blur reaches another tissue are of none. */
function unmixed(tissues: Uint8Array): Uint8Array {
  const around = [-side, 0, side].flatMap((dy) => [-1, 0, 1].map((dx) => dy + dx));
  return tissues.map((tissue, i) => (around.every((by) => tissues[i + by] === tissue) ? tissue : air));
}

function seen(
  tissues: Uint8Array,
  values: readonly number[],
  harder: number,
  a: number,
  noise: number,
  draw: Random,
): Float64Array {
  const x = Float64Array.from(tissues, (t) => (t === air ? 0 : values[t] * (t === soft ? harder : 1)));
  return x.map((_, i) => {
    let blurred = 0;
    for (const dy of [-side, 0, side]) for (const dx of [-1, 0, 1]) blurred += (x[i + dy + dx] ?? 0) / 9;
    return a * (blurred + noise * draw.normal());
  });
}

/** Each modality of each slice by the mean and standard deviation of its own head. */
export function zScoredSlices({ scans }: { scans: readonly Slice[] }): Float64Array[][] {
  return scans.map(({ values, mask }) =>
    values.map((own) => {
      const head = own.filter((_, i) => mask[i]);
      const mean = head.reduce((sum, value) => sum + value, 0) / head.length;
      const sd = Math.sqrt(head.reduce((sum, value) => sum + (value - mean) ** 2, 0) / head.length);
      return own.map((value) => (value - mean) / sd);
    }),
  );
}

/** Mean distance between two subjects' values of a tissue, over tissues, in sd of all head voxels of both. */
export function scannerGap(
  subjects: readonly { readonly scans: readonly Slice[] }[],
  after: readonly (readonly (readonly ArrayLike<number>[])[])[],
  modality: number,
): number {
  const of = (p: number, holds: (tissue: number) => boolean) =>
    subjects[p].scans.flatMap(({ tissues }, s) =>
      Array.from(after[p][s][modality]).filter((_, i) => holds(tissues[i])),
    );
  const all = [0, 1].flatMap((p) => of(p, (tissue) => tissue !== air));
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const sd = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
  const gaps = [fluid, soft, bone].map((t) =>
    wassersteinBetween(
      of(0, (tissue) => tissue === t),
      of(1, (tissue) => tissue === t),
    ),
  );
  return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length / sd;
}
