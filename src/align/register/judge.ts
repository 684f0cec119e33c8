/**
 * How far off a registration may be, and whether it can be trusted at all. The scale was fixed on 78 simulated true pairs, the
 * thresholds on 240 before, with 178 mirrored ones and 178 of two people: phantoms and the MNI template bent into others, of two
 * and three dimensions, with other contrasts, noise, bias fields, crops and up to 1 mm of distortion
 * (`bench/registration/calibrate.ts`; the 78 are of seeds 1 to 10 and 21 to 30, but the last two). Of them 3 are refused, and all
 * of 58 mirrored ones and 58 of two people.
 */
import type { Evidence } from './evidence.ts';

/**
 * Of the true pairs 92 % are off by less than this many times the evidence, in two and in three dimensions; its median is 2.0
 * and 1.7 times the median error there (.19 mm). Where no scanner distorts, 1.2 would do in three dimensions: no halves of an
 * image tell what bends the whole of it.
 */
const errorScale = 1.6;

/** Mean distance of the corners of the fixed object's box from where they should be, mm: what 92 % of errors stay below. */
export function estimatedErrorMm({ spreadMm, inverseMm }: Pick<Evidence, 'spreadMm' | 'inverseMm'>): number {
  return errorScale * Math.hypot(spreadMm, inverseMm);
}

/** Largest values of true pairs in calibration: mirrored 1.08, spread .36 and .49 mm, stretch 1.9 and 1.5 mm; least agreement .75. */
const limits = {
  /** Heads are nearly symmetric: of true pairs 1 in 78 is above. */
  mirrorRatio: 1,
  agreement: 0.5,
  overlap: 0.4,
  prominence: 2,
  /** In voxels of the finest working grid, which was 2 mm in three dimensions and 1 mm in two. */
  spread: { 2: 0.6, 3: 0.5 },
  stretch: { 2: 1.5, 3: 0.75 },
} as const;

export interface Judged {
  readonly dimensions: 2 | 3;
  /** Of the finest working grid. */
  readonly spacingMm: number;
  /** Whether both images show one object. */
  readonly sameObject: boolean;
}

/** Why a registration cannot be trusted; none where it can. */
export function reasonsAgainst(evidence: Evidence, { dimensions, spacingMm, sameObject }: Judged): string[] {
  const { mirrorRatio, agreement, overlap, prominence, spreadMm, stretchMm } = evidence;
  const shown = (value: number) => String(Number(value.toPrecision(2)));
  const mostSpread = limits.spread[dimensions] * spacingMm;
  const mostStretch = limits.stretch[dimensions] * spacingMm;
  const reasons: string[] = [];
  const say = (holds: boolean, reason: string) => {
    if (holds) reasons.push(reason);
  };
  say(
    mirrorRatio >= limits.mirrorRatio,
    `the mirrored image fits ${mirrorRatio > 1 ? 'better' : 'about as well'} (${shown(mirrorRatio)} times the metric): mirrored, or another object`,
  );
  say(
    agreement < limits.agreement,
    `only ${Math.round(100 * agreement)} % of the searches from other starts end there`,
  );
  say(
    spreadMm > mostSpread,
    `searches on parts of the image end ${shown(spreadMm)} mm apart (at most ${shown(mostSpread)} mm in true pairs)`,
  );
  say(overlap < limits.overlap, `only ${Math.round(100 * overlap)} % of the fixed object is inside the moving image`);
  say(prominence < limits.prominence, `the metric is only ${shown(prominence)} times what it is where nothing fits`);
  say(
    sameObject && stretchMm > mostStretch,
    `it would still stretch by ${shown(stretchMm)} mm (at most ${shown(mostStretch)} mm where both show one object)`,
  );
  return reasons;
}
