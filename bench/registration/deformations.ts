/**
 * Measures deformable registration where the truth is known, in rows for calibration (src/align/register/judge-deformation.ts):
 * a head, and the same head bent by 1 to 6 mm over 60 to 110 mm in another contrast (`true`), that mirrored (`mirrored`), another
 * person (`people`, whose folds have no truth), and something that is no head (`other`).
 *
 *     npx tsx bench/registration/deformations.ts OUT.jsonl [pairs of each kind, default 40] [flat | solid] [first seed, default 1] [kinds]
 *
 * Phantoms, and, where the shared data is at hand, the MNI template bent into other people by turns.
 */
import { appendFileSync } from 'node:fs';
import { deform, lattice, meanApart } from '../../src/align/register/deform.ts';
import { measure } from '../../src/align/register/measure.ts';
import { settingsOf } from '../../src/align/register/options.ts';
import { transformPoints } from '../../src/align/space/transform.ts';
import { transformPoint } from '../../src/array/grid.ts';
import { random } from '../../src/array/random.ts';
import { bent, placeIn, shiftOf } from './bend.ts';
import { type Head, onCoarse, phantomHead, smoothField, templateHead } from './heads.ts';
import { scanPair } from './scans.ts';
import { sharedTemplate } from './template.ts';

const [out, pairs = '40', dimensions = 'flat', first = '1', kinds = 'true,mirrored,people,other'] =
  process.argv.slice(2);
if (!out) throw new Error('deformations: where shall the rows go?');
const flat = dimensions === 'flat';
const sliceMm = 12; // which scanPair shows of flat scans
const template = await sharedTemplate();

for (let at = Number(first); at < Number(first) + Number(pairs); at++) {
  const source = template && at % 2 === 0 ? 'template' : 'phantom';
  const person = (seed: number) =>
    template && source === 'template' ? templateHead(template, seed) : phantomHead(seed);
  const head = person(at);
  const generator = random(at);
  const amplitudeMm = 1 + 5 * generator.uniform();
  const wavelengthMm = 60 + 50 * generator.uniform();
  const shift = shiftOf({ seed: at, amplitudeMm, wavelengthMm, flat });
  const bentHead = bent(head, shift, (z) => !flat || Math.abs(z - sliceMm) < 6);
  for (const [salt, kind] of ['true', 'mirrored', 'other', 'people'].entries()) {
    if (!kinds.split(',').includes(kind)) continue;
    const { fixed, moving, truth } = scanPair(head, {
      seed: 1000 * at + salt + 1,
      other: kind === 'other' ? noHead(head, at) : kind === 'people' ? person(at + 1000) : bentHead,
      mirrored: kind === 'mirrored',
      flat,
      shiftMm: 8,
      turnDegrees: 8,
      bentMm: 0,
    });
    const settings = settingsOf(fixed, moving, { model: 'bSpline', seed: at });
    const since = performance.now();
    const { pair, model, evidence } = await measure(fixed, moving, settings, {});
    const deformed = await deform(pair, model, evidence.transform, settings.controlMm);
    const seconds = (performance.now() - since) / 1000;
    const points = lattice(pair.fixed.foreground.middle);
    const goal = points.slice(); // [points, 3]
    for (let p = 0; p < points.length; p += 3) {
      const place = placeIn(shift, [points[p], points[p + 1], points[p + 2]]);
      goal.set(transformPoint(truth, ...place), p);
    }
    const affine = transformPoints({ kind: 'affine', model: 'affine', matrix: evidence.transform }, points);
    const { transform, ...measured } = deformed;
    const { agreement, prominence, overlap, mirrorRatio } = evidence;
    const row = {
      at,
      kind,
      flat,
      source,
      amplitudeMm,
      wavelengthMm,
      seconds,
      spacingMm: settings.spacingsMm[settings.spacingsMm.length - 1],
      ...(kind === 'true' && {
        affineMm: meanApart(affine, goal),
        errorMm: meanApart(transformPoints(transform, points), goal),
      }),
      ...measured,
      affine: {
        agreement,
        prominence,
        overlap,
        mirrorRatio,
        spreadMm: evidence.spreadMm,
        inverseMm: evidence.inverseMm,
      },
    };
    appendFileSync(out, `${JSON.stringify(row)}\n`);
  }
}

/** As large as the head, and full of blobs. */
function noHead(head: Head, seed: number): Head {
  const generator = random(seed + 7);
  const fields = [0, 1, 2].map(() => onCoarse(smoothField(generator, 30), 4));
  const made = { ...head, t1: head.t1.slice(), grey: head.grey.slice(), white: head.white.slice() };
  const [depth, height, width] = head.shape;
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        const [x, y, z] = transformPoint(head.affine, i, j, k);
        if (flat && Math.abs(z - sliceMm) > 6) continue;
        const inside = Math.hypot(x / 70, (y + 18) / 85, (z - 8) / 75) < 1;
        const [a, b, c] = fields.map((field) => field(x, y, z));
        made.grey[at] = inside && a > 0.3 ? 1 : 0;
        made.white[at] = inside && a <= 0.3 && b > 0.5 ? 1 : 0;
        made.t1[at] = inside ? 100 + 60 * c : 0;
      }
    }
  }
  return made;
}
