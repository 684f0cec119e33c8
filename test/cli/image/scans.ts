/** Generated scans of one head, as files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { random } from '../../../src/array/random.ts';
import { writeNifti } from '../../../src/read/nifti/write-nifti.ts';

export interface Head {
  /** Where the head stands beside its usual place, mm along x, y, z. */
  readonly shiftMm?: readonly [number, number, number];
  readonly spacingMm?: number;
  readonly seed?: number;
  /** Scanner: values are multiplied by this. */
  readonly gain?: number;
  /** Whether bright and dark tissue are exchanged. */
  readonly inverted?: boolean;
  readonly placed?: boolean;
}

const size = 96; // mm

/** An ellipsoid with a shell, a bright half and a few spots, the same at any spacing but for noise. */
export function head({
  shiftMm = [0, 0, 0],
  spacingMm = 4,
  seed = 1,
  gain = 1,
  inverted = false,
  placed = true,
}: Head = {}): Uint8Array {
  const draw = random(seed);
  const side = Math.round(size / spacingMm);
  const data = new Int16Array(side ** 3); // [depth, height, width]
  const first = -size / 2 + spacingMm / 2;
  // Width leads to the left, as scanners store it.
  const affine = Float64Array.of(-spacingMm, 0, 0, -first, 0, spacingMm, 0, first, 0, 0, spacingMm, first, 0, 0, 0, 1);
  for (let k = 0, at = 0; k < side; k++) {
    for (let j = 0; j < side; j++) {
      for (let i = 0; i < side; i++, at++) {
        const place = [-first - spacingMm * i, first + spacingMm * j, first + spacingMm * k];
        const value = tissue(place.map((mm, axis) => mm - shiftMm[axis]) as [number, number, number], inverted);
        data[at] = Math.max(0, gain * (value + 4 * draw.normal()));
      }
    }
  }
  return writeNifti(
    { data, shape: [side, side, side], affine, frames: 1, channels: 1, dimensions: 3, placed },
    { gzip: true },
  );
}

function tissue([x, y, z]: [number, number, number], inverted: boolean): number {
  const radius = Math.hypot(x / 34, y / 42, z / 38);
  if (radius > 1) return 0;
  if (radius > 0.88) return inverted ? 60 : 220;
  const spot = Math.hypot(x - 14, y + 12, z - 6) < 8 || Math.hypot(x + 10, y - 18, z + 8) < 6;
  const value = spot ? 180 : y > 8 ? 140 : z > 4 ? 110 : 80;
  return inverted ? 240 - value : value;
}

const folders: string[] = [];

export function folderOf(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-scans-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
