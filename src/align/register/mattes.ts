/**
 * Mutual information by the joint histogram, with its derivative by each moving value (Mattes et al. 2003, IEEE TMI
 * 22(1):120-128, equation 11; Thevenaz and Unser 2000, IEEE TIP 9(12):2083-2099). It asks for no more than that equal values
 * of one image meet like values of the other, so T1 may meet proton density and MR may meet CT.
 */

import type { Agreement } from './agreement.ts';
import { binPlace, binsPerUnit, jointHistogram } from './joint-histogram.ts';
import type { Range } from './range.ts';

/**
 * In nats, over the samples inside both images; 0 without any.
 *
 * @param regions of space: above 1, the mutual information within regions, their shares being weights
 */
export function mattes(bins: number, range: Range, regions = 1): Agreement {
  const perBin = binsPerUnit(bins, range.low, range.high);
  return (samples, { moving, force }) => {
    const histogram = jointHistogram(samples, moving, { bins, regions, ...range });
    const { joint, fixed, moving: marginal, inside } = histogram;
    const information = new Float64Array(joint.length); // log p(r, f, m) p(r) / p(r, m), [regions, bins, bins]
    let value = 0;
    for (let r = 0, at = 0; r < regions; r++) {
      const share = fixed.subarray(r * bins, (r + 1) * bins).reduce((sum, own) => sum + own, 0);
      for (let f = r * bins; f < (r + 1) * bins; f++) {
        for (let m = r * bins; m < (r + 1) * bins; m++, at++) {
          if (!(joint[at] > 1e-12)) continue;
          information[at] = Math.log((joint[at] * share) / marginal[m]);
          value += joint[at] * (information[at] - Math.log(fixed[f]));
        }
      }
    }
    const { count, row: rowOf } = samples;
    const scale = inside > 0 ? perBin / inside : 0;
    for (let s = 0; s < count; s++) {
      if (!(moving[s] >= range.low && moving[s] <= range.high)) {
        force[s] = 0; // outside the image, or in the outermost bin, where a little more or less changes nothing
        continue;
      }
      const at = binPlace(moving[s], range.low, perBin, bins);
      const first = Math.floor(at);
      const t = at - first;
      const u = 1 - t;
      const row = rowOf[s] * bins + first;
      force[s] =
        scale *
        (-0.5 * u * u * information[row - 1] +
          (1.5 * t * t - 2 * t) * information[row] +
          (2 * u - 1.5 * u * u) * information[row + 1] +
          0.5 * t * t * information[row + 2]);
    }
    return value;
  };
}
