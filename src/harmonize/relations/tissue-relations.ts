/** Relations within a tissue, and of a tissue's value to what else is in the picture. */
import { correlation, dependence } from './dependence.ts';
import type { Composition, Distortion } from './distortion-report.ts';
import { type HarmonizedScan, tissuesIn, together } from './harmonized-scan.ts';
import type { Pairs } from './joint-histogram.ts';

export function withinTissue(
  scans: readonly HarmonizedScan[],
  counted: readonly Uint32Array[],
  before: Pairs,
  after: Pairs,
  names: readonly string[],
): Distortion['withinTissue'] {
  const labels = together(
    scans,
    counted,
    ({ tissues, values }) => tissues ?? new Uint8Array(values[0].length).fill(255),
  );
  return tissuesIn(scans).map((tissue) => {
    const within = (values: Float64Array) => values.filter((_, i) => labels[i] === tissue);
    const of = ({ first, second }: Pairs) => correlation(within(first), within(second));
    return { tissue: names[tissue] ?? String(tissue), before: of(before), after: of(after) };
  });
}

export function compositionOf(
  scans: readonly HarmonizedScan[],
  counted: readonly Uint32Array[],
  modalities: readonly number[],
  names: readonly string[],
): Composition[] {
  const tissues = tissuesIn(scans);
  if (scans.length < 4 || tissues.length < 2) return [];
  const shares = tissues.map((tissue) => scans.map((scan, s) => shareOf(scan, counted[s], tissue)));
  return modalities.flatMap((modality) =>
    tissues.flatMap((tissue, t) =>
      tissues.flatMap((other, o) => {
        if (o === t) return [];
        const value = (of: (scan: HarmonizedScan) => ArrayLike<number>) =>
          scans.map((scan, s) => medianIn(of(scan), scan, counted[s], tissue));
        const told = (values: number[]) => dependence(values, shares[o]);
        return [
          {
            modality,
            tissue: names[tissue] ?? String(tissue),
            shareOf: names[other] ?? String(other),
            before: told(value(({ values }) => values[modality])),
            after: told(value((scan) => scan.after[modality])),
          },
        ];
      }),
    ),
  );
}

function shareOf({ tissues }: HarmonizedScan, counted: Uint32Array, tissue: number): number {
  let many = 0;
  for (const place of counted) if (tissues?.[place] === tissue) many++;
  return many / counted.length;
}

/** NaN where a scan does not show the tissue. */
function medianIn(
  values: ArrayLike<number>,
  { tissues }: HarmonizedScan,
  counted: Uint32Array,
  tissue: number,
): number {
  const within = Float64Array.from(
    counted.filter((place) => tissues?.[place] === tissue),
    (place) => values[place],
  ).sort();
  if (within.length === 0) return Number.NaN;
  const half = within.length >> 1;
  return within.length % 2 ? within[half] : (within[half - 1] + within[half]) / 2;
}
