import { join, relative } from 'node:path';
import {
  arrivalsOf,
  compareNights,
  drawPerson,
  type NightsComparison,
  renderNights,
  renderNightsText,
  simulateNight,
  writeAll,
  writeInput,
} from '../src/index.ts';
import { refuseForeign } from './check-outputs.ts';
import { exitCodes } from './exit-codes.ts';
import { checkFolder } from './output-folder.ts';
import { progressBar } from './progress.ts';

export interface NightFlags {
  readonly nights?: number;
  readonly out: string;
  readonly json?: boolean;
  readonly seed?: number;
  readonly jobs?: number;
  readonly effect?: number;
  readonly budget?: number;
  readonly worth?: boolean;
  readonly learned?: boolean;
  /** Whether the readings of a night are written too. */
  readonly log?: boolean;
}

const effects = [0, 0.5, 1, 2];

/** Simulates nights, fuses them in every way and judges; writes report.html and results.json; prints the table, or the JSON. */
export async function night({
  nights,
  out,
  json = false,
  seed,
  jobs,
  effect,
  budget,
  worth = false,
  learned = false,
  log = false,
}: NightFlags): Promise<number> {
  checkFolder(out);
  const elsewhere = 'another folder, or that file moved away';
  refuseForeign(join(out, 'results.json'), 'consilience-nights', elsewhere);
  refuseForeign(join(out, 'report.html'), 'page', elsewhere);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const bar = progressBar('nights');
  try {
    const comparison = await compareNights({
      ...(nights !== undefined && { nights }),
      ...(seed !== undefined && { seed }),
      ...(jobs !== undefined && { jobs }),
      ...(effect !== undefined && { heartRateEffect: effect }),
      ...(budget !== undefined && { falsePerNight: budget }),
      ...(worth && { worth: effects }),
      learned,
      signal: interrupted.signal,
      progress: bar.update,
    });
    bar.stop();
    const { pictures: _, ...told } = comparison;
    const text = `${JSON.stringify(told, null, 1)}\n`;
    const written = await writeAll(out, {
      ...(log && { 'night.ndjson': logOf(comparison) }),
      'results.json': text,
      'report.html': await renderNights(comparison),
    });
    const report = relative(process.cwd(), written.find((file) => file.endsWith('report.html')) as string);
    if (json) process.stdout.write(text);
    else {
      process.stdout.write(
        `${renderNightsText(comparison)}\nReport: ${report} (results.json beside it)\nSimulated people. Research use, not a medical device.\n`,
      );
    }
    return exitCodes.ok;
  } finally {
    bar.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** Every reading of the first night that is drawn, as it arrived, a line each. */
function logOf({ pictures, options: { seed, heartRateEffect, transport } }: NightsComparison): string {
  const [person, night] = (pictures[0]?.id ?? 'p0000-n000').split('-').map((part) => Number(part.slice(1)));
  const { recording } = simulateNight(drawPerson(seed, person), { seed, night, heartRateEffect, transport });
  return [...arrivalsOf(recording)].map((arrival) => `${writeInput(arrival)}\n`).join('');
}
