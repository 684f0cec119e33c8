import { axisLetters, readImageFile, scanNumbers, spacingMm, type Volume } from '../../src/index.ts';
import { shortNumber } from './words.ts';

export interface InfoFlags {
  readonly json?: boolean;
}

/** Prints what each image is. */
export async function info(files: readonly string[], { json = false }: InfoFlags): Promise<number> {
  const told: object[] = [];
  for (const file of files) {
    const volume = await readImageFile(file);
    if (json) told.push({ file, ...described(volume) });
    else process.stdout.write(`${files.length > 1 ? `${file}\n` : ''}${inWords(volume)}`);
  }
  if (json) process.stdout.write(`${JSON.stringify(files.length > 1 ? told : told[0], null, 1)}\n`);
  return 0;
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

function inWords(volume: Volume): string {
  const { shape, dimensions, frames, channels, placed, unit, frameSeconds, stored, affine, warnings } = volume;
  const [depth, height, width] = shape;
  const size = [width, height, depth].slice(0, dimensions).join(' x ');
  const spacing = spacingMm(volume).slice(0, dimensions).map(shortNumber).join(' x ');
  const scaled = stored.slope !== 1 || stored.intercept !== 0;
  const scale = scaled ? `, x ${shortNumber(stored.slope)} + ${shortNumber(stored.intercept)}` : '';
  const numbers = scanNumbers(volume);
  const lines: [string, string][] = [
    ['format', `${stored.format}, ${stored.type}${scale}`],
    ['size', `${size} voxels of ${spacing} mm${more(frames, 'frames')}${more(channels, 'channels')}`],
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
