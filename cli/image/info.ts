import { axisLetters, type DicomSeries, scanNumbers, spacingMm, type Volume } from '../../src/index.ts';
import { type VolumesFlags, volumesOf } from './volumes-of.ts';
import { gridInWords, shortNumber } from './words.ts';

export interface InfoFlags extends VolumesFlags {
  readonly json?: boolean;
}

/** Prints what each image is; of a folder of DICOM each of its series. */
export async function info(files: readonly string[], flags: InfoFlags): Promise<number> {
  const told: object[] = [];
  const texts: string[] = [];
  for (const file of files) {
    const volumes = await volumesOf(file, flags);
    for (const volume of volumes) {
      if (flags.json) told.push({ file, ...described(volume) });
      const title = [files.length > 1 && file, volumes.length > 1 && seriesOf(volume)].filter(Boolean).join(': ');
      texts.push(`${title === '' ? '' : `${title}\n`}${inWords(volume, flags.personal === true)}`);
    }
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(told.length > 1 ? told : told[0], null, 1)}\n`);
  else process.stdout.write(texts.join('\n'));
  return 0;
}

function seriesOf(volume: Volume): string {
  const { seriesInstanceUid, part, files } = volume as Partial<DicomSeries>;
  const name = `series ${seriesInstanceUid ?? 'without a UID'}${part === undefined ? '' : `, ${part}`}`;
  return files ? `${name}, ${files.length} ${files.length > 1 ? 'files' : 'file'}` : name;
}

/** All but the voxels. */
function described(volume: Volume): object {
  const { data: _, affine, shape, warnings, ...rest } = volume;
  const [depth, height, width] = shape;
  return {
    ...rest,
    size: [width, height, depth].slice(0, volume.dimensions),
    spacingMm: spacingMm(volume).slice(0, volume.dimensions),
    orientation: volume.placed ? axisLetters(affine) : null,
    affine: [0, 4, 8, 12].map((row) => Array.from(affine.subarray(row, row + 4))),
    numbers: scanNumbers(volume) ?? null,
    warnings,
  };
}

function inWords(volume: Volume, personal: boolean): string {
  const { dimensions, frames, channels, placed, unit, frameSeconds, stored, affine, warnings } = volume;
  const scaled = stored.slope !== 1 || stored.intercept !== 0;
  const scale = scaled
    ? `, x ${shortNumber(stored.slope)} ${stored.intercept < 0 ? '-' : '+'} ${shortNumber(Math.abs(stored.intercept))}`
    : '';
  const numbers = scanNumbers(volume);
  const { modality, tags = {} } = volume as Partial<DicomSeries>;
  const kind = modality === undefined ? '' : `${modality}, `;
  const lines: [string, string][] = [
    ['format', `${stored.format}, ${kind}${stored.type}${scale}`],
    ['size', `${gridInWords(volume, dimensions)}${more(frames, 'frames')}${more(channels, 'channels')}`],
  ];
  if (frameSeconds !== undefined) lines.push(['frames', `every ${shortNumber(frameSeconds)} s`]);
  const corner = [3, 7, 11].map((at) => shortNumber(affine[at])).join(', ');
  const place = `${axisLetters(affine)}, first voxel at ${corner} mm (RAS)`;
  lines.push(['place', placed ? place : 'the file does not say where it stands']);
  lines.push(['unit', unit ?? 'not told']);
  if (numbers) {
    const { min, max, mean, sd, percentiles, zeros, missing } = numbers;
    lines.push([
      'values',
      `${shortNumber(min)} to ${shortNumber(max)}, mean ${shortNumber(mean)}, sd ${shortNumber(sd)}`,
    ]);
    lines.push(['percentiles', `1, 25, 50, 75, 99: ${percentiles.map(shortNumber).join(', ')}`]);
    if (zeros) lines.push(['zeros', share(zeros, volume)]);
    if (missing) lines.push(['missing', `${share(missing, volume)} are no number`]);
  } else lines.push(['values', 'none is a number']);
  if (personal) lines.push(...Object.entries(tags).map(([name, value]): [string, string] => [name, String(value)]));
  const wide = Math.max(...lines.map(([name]) => name.length));
  const told = lines.map(([name, text]) => `${name.padEnd(wide)}  ${text}\n`).join('');
  return `${told}${warnings.map(({ message }) => `warning: ${message}\n`).join('')}`;
}

function more(count: number, what: string): string {
  return count > 1 ? `, ${count} ${what}` : '';
}

function share(count: number, { data }: Volume): string {
  return `${count} of ${data.length} (${shortNumber((100 * count) / data.length)} %)`;
}
