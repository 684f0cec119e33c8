/**
 * How far off a deformation may be, and whether it can be trusted. The affine that it starts from need not be right everywhere,
 * so what speaks against a rigid registration (parts that end apart, what would stretch) does not speak against this one. Scale
 * and thresholds were fixed on simulated slices alone (`bench/registration/deformations.ts`), bent by 1 to 6 mm.
 */
import type { Deformation } from './deform.ts';
import type { Evidence } from './evidence.ts';
import type { Judged } from './judge.ts';

/**
 * Of 30 true pairs of slices 29 are off by less than this many times the evidence (92 % by less than 2.2 times); its median is
 * 1.6 times the median error, which is .97 mm where an affine leaves 4.0. Of three dimensions too few were run to say.
 */
const errorScale = 2.3;

const limits = {
  /**
   * Of one object, of which true pairs reach .90; of two, whose mirrored scans fit about as well as others. Simulated people do not
   * tell how well: this one limit was set after a look at the slices of six real ones (.89 to 1.14).
   */
  mirrorRatio: { same: 1, different: 1.3 },
  /** Of eight searches more than one ends there; of true pairs at least two do. Bending mends no wrong start. */
  agreement: 0.25,
  overlap: 0.4,
  /** Of true pairs at least 2.3. */
  prominence: 2,
  /** Of true pairs at least .5. */
  smallestJacobian: 0,
  /** In voxels of the finest working grid, at most .31 and 1.2 in 28 of 30 true pairs; the others were off by 2.4 and 6 mm. */
  spread: 0.45,
  inverse: 1.5,
} as const;

/** Mean distance of places within the fixed object from where they should be, mm. */
export function deformationErrorMm({ spreadMm, inverseMm }: Pick<Deformation, 'spreadMm' | 'inverseMm'>): number {
  return errorScale * Math.hypot(spreadMm, inverseMm);
}

/** Why a deformation cannot be trusted; none where it can. */
export function reasonsAgainstDeformation(
  { smallestJacobian, spreadMm, inverseMm, mirrorRatio }: Deformation,
  { agreement, overlap, prominence }: Evidence,
  { spacingMm, sameObject }: Judged,
): string[] {
  const shown = (value: number) => String(Number(value.toPrecision(2)));
  const [mostSpread, mostInverse] = [limits.spread * spacingMm, limits.inverse * spacingMm];
  const reasons: string[] = [];
  const say = (holds: boolean, reason: string) => {
    if (holds) reasons.push(reason);
  };
  say(
    mirrorRatio >= limits.mirrorRatio[sameObject ? 'same' : 'different'],
    `the mirrored image fits ${mirrorRatio > 1 ? 'better' : 'about as well'} (${shown(mirrorRatio)} times the metric): mirrored, or another object`,
  );
  say(
    agreement < limits.agreement,
    `only ${Math.round(100 * agreement)} % of the searches from other starts begin to bend there`,
  );
  say(overlap < limits.overlap, `only ${Math.round(100 * overlap)} % of the fixed object is inside the moving image`);
  say(prominence < limits.prominence, `the metric is only ${shown(prominence)} times what it is where nothing fits`);
  say(smallestJacobian <= limits.smallestJacobian, 'the deformation folds');
  say(
    spreadMm > mostSpread,
    `two deformations found on other samples are ${shown(spreadMm)} mm from their mean (at most ${shown(mostSpread)} mm in true pairs)`,
  );
  say(
    inverseMm > mostInverse,
    `there and back ends ${shown(inverseMm)} mm from home (at most ${shown(mostInverse)} mm in true pairs)`,
  );
  return reasons;
}
