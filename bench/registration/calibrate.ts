/**
 * Measures the evidence of registrations whose truth is known, so that thresholds and the scale of the estimated error can be
 * fixed (src/align/register/judge.ts): true pairs, mirrored ones and pairs of two heads, of phantoms and, where the shared
 * data is at hand, of the MNI template bent into other people. No real pair is looked at.
 *
 * Then tells of all rows in OUT.jsonl, those of earlier runs too, what 92 % of errors stay below in units of the evidence, and how
 * many pairs of each kind are refused.
 *
 *     npx tsx bench/registration/calibrate.ts OUT.jsonl [pairs of each kind, default 40] [first seed, default 1]
 *       [most distortion, mm, default 1]
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { apartMm } from '../../src/align/register/distance.ts';
import { reasonsAgainst } from '../../src/align/register/judge.ts';
import { measure } from '../../src/align/register/measure.ts';
import { settingsOf } from '../../src/align/register/options.ts';
import { quantile } from '../../src/harmonize/quantiles.ts';
import { type Head, phantomHead, templateHead } from './heads.ts';
import { scanPair } from './scans.ts';
import { sharedTemplate } from './template.ts';

const [out, pairs = '40', first = '1', bentMm = '1'] = process.argv.slice(2);
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
          bentMm: Number(bentMm),
          ...(kind === 'other' && { other: headOf(source, person + 1) }),
        });
        const began = performance.now();
        const settings = settingsOf(pair.fixed, pair.moving, { seed: at });
        const { evidence } = await measure(pair.fixed, pair.moving, settings, {});
        const judged = { dimensions: pair.fixed.dimensions, spacingMm: settings.spacingsMm.at(-1)!, sameObject: true };
        const refused = reasonsAgainst(evidence, judged).length > 0;
        const { transform, points, ...row } = evidence;
        const errorMm = kind === 'true' ? apartMm(transform, pair.truth, points) : null;
        const seconds = (performance.now() - began) / 1000;
        appendFileSync(out, `${JSON.stringify({ source, kind, flat, at, errorMm, refused, ...row, seconds })}\n`);
      }
    }
  }
}

tell();

interface Row {
  readonly kind: string;
  readonly flat: boolean;
  readonly errorMm: number | null;
  readonly refused: boolean;
  readonly spreadMm: number;
  readonly inverseMm: number;
}

function tell(): void {
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  const rows = lines.map((line): Row => JSON.parse(line));
  for (const flat of [false, true]) {
    const own = rows.filter((row) => row.flat === flat);
    const found = own.filter(({ errorMm }) => errorMm !== null);
    const at = (share: number, values: readonly number[]) => quantile(Float64Array.from(values).sort(), share);
    const errors = found.map(({ errorMm }) => errorMm as number);
    const evidence = found.map(({ spreadMm, inverseMm }) => Math.hypot(spreadMm, inverseMm));
    const scale = at(
      0.92,
      errors.map((error, i) => error / evidence[i]),
    );
    const times = (scale * at(0.5, evidence)) / at(0.5, errors);
    console.log(
      `${flat ? '2-D' : '3-D'}: median error ${at(0.5, errors).toFixed(2)} mm; 92 % are below ${scale.toFixed(2)} times the evidence, ` +
        `whose median is then ${times.toFixed(1)} times the median error`,
    );
    for (const kind of ['true', 'mirrored', 'other']) {
      const all = own.filter((row) => row.kind === kind);
      console.log(`  ${kind}: ${all.filter(({ refused }) => refused).length} of ${all.length} refused`);
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
