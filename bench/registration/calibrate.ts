/**
 * Measures the evidence of registrations whose truth is known, so that thresholds and the scale of the estimated error can be
 * fixed (src/align/register/judge.ts): true pairs, mirrored ones and pairs of two heads, of phantoms and, where the shared
 * data is at hand, of the MNI template bent into other people. No real pair is looked at.
 *
 *     npx tsx bench/registration/calibrate.ts OUT.jsonl [pairs of each kind, default 40] [first seed, default 1]
 */
import { appendFileSync } from 'node:fs';
import { apartMm } from '../../src/align/register/distance.ts';
import { measure } from '../../src/align/register/measure.ts';
import { settingsOf } from '../../src/align/register/options.ts';
import { type Head, phantomHead, templateHead } from './heads.ts';
import { scanPair } from './scans.ts';
import { sharedTemplate } from './template.ts';

const [out, pairs = '40', first = '1'] = process.argv.slice(2);
if (!out) throw new Error('calibrate: where shall the rows go?');
const template = await sharedTemplate();
const made = new Map<string, Head>();

for (let at = Number(first); at < Number(first) + Number(pairs); at++) {
  for (const source of template ? ['phantom', 'template'] : ['phantom']) {
    for (const kind of ['true', 'mirrored', 'other'] as const) {
      // A head serves for three pairs; the pairs themselves are all different.
      const person = Math.ceil(at / 3);
      for (const flat of [false, true]) {
        if (kind !== 'true' && !flat && at % 2) continue;
        const pair = scanPair(headOf(source, person), {
          seed: 1000 * at + (flat ? 1 : 0) + (kind === 'true' ? 0 : kind === 'mirrored' ? 10 : 20),
          flat,
          mirrored: kind === 'mirrored',
          ...(kind === 'other' && { other: headOf(source, person + 1) }),
        });
        const began = performance.now();
        const { evidence } = await measure(
          pair.fixed,
          pair.moving,
          settingsOf(pair.fixed, pair.moving, { seed: at }),
          {},
        );
        const { transform, points, ...row } = evidence;
        const errorMm = kind === 'true' ? apartMm(transform, pair.truth, points) : null;
        const seconds = (performance.now() - began) / 1000;
        appendFileSync(out, `${JSON.stringify({ source, kind, flat, at, errorMm, ...row, seconds })}\n`);
      }
    }
  }
}

function headOf(source: string, person: number): Head {
  const key = `${source} ${person}`;
  let head = made.get(key);
  if (!head) {
    head = source === 'phantom' ? phantomHead(person) : templateHead(template as Head, person);
    made.set(key, head);
    if (made.size > 6) made.delete(made.keys().next().value as string);
  }
  return head;
}
