/** PixelPaddingValue (PS3.3, C.7.5.1.1.2): numbers that fill up what was not measured, such as around the circle of a CT. */

import type { VolumeWarning } from '../image/volume.ts';
import type { DicomSamples } from './native.ts';
import type { OpenedDicom } from './open.ts';

/** Says how many there are, and what they are read as. They are left where they are. */
export function paddingIn(
  files: readonly OpenedDicom[],
  decoded: readonly DicomSamples[],
  where: string,
): VolumeWarning[] {
  let [many, total] = [0, 0];
  const read = new Set<number>();
  for (const [i, { dataSet, slices }] of files.entries()) {
    const { data, layout } = decoded[i];
    total += data.length;
    if (!dataSet.has('PixelPaddingValue') || layout.float || layout.samples > 1) continue;
    const told = dataSet.required('PixelPaddingValue');
    const padding = layout.signed && told >= 2 ** 15 ? told - 2 ** 16 : told;
    const size = layout.rows * layout.columns;
    for (const [f, { slope, intercept }] of slices.entries()) {
      let here = 0;
      for (let at = f * size; at < (f + 1) * size; at++) if (data[at] === padding) here++;
      if (here > 0) read.add(padding * slope + intercept);
      many += here;
    }
  }
  if (many === 0) return [];
  const values = [...read].slice(0, 3).join(', ');
  const message = `${where}: ${many} of ${total} numbers are padding, read as ${values}, and were not measured`;
  return [{ code: 'padding', message }];
}
