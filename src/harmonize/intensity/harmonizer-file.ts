/** What a harmonizer of scans has learned, as a file that can be read: JSON, with its numbers as numbers. */
import { floatsFrom, toBytes } from '../../array/bytes.ts';
import { InputError } from '../../errors.ts';
import type { JsonObject, Saved } from '../../estimator.ts';
import { foregroundRules } from './foreground.ts';
import { histogramMatch } from './histogram-match.ts';
import { kdeMode } from './kde-mode.ts';
import { minMax } from './min-max.ts';
import { nyul } from './nyul.ts';
import { percentileClip } from './percentile-clip.ts';
import type { FittedScanHarmonizer, MaskOption, ScanHarmonizer } from './scan-harmonizer.ts';
import { whiteStripe } from './white-stripe.ts';
import { zScoreIntensity } from './z-score-intensity.ts';

interface Build {
  (options?: MaskOption): ScanHarmonizer;
  readonly open: (saved: Saved) => FittedScanHarmonizer;
  readonly kind: { readonly kind: string; readonly version: number };
}

/** The harmonizers of scans by the names that studies call them. */
export const scanHarmonizers = {
  'intensity-z-score': zScoreIntensity,
  'min-max': minMax,
  'percentile-clip': percentileClip,
  'histogram-match': histogramMatch,
  nyul,
  'white-stripe': whiteStripe,
  'kde-mode': kdeMode,
} as const satisfies { readonly [name: string]: Build };

const version = 1;

/** `{ kind: 'scan-harmonizer', version, method }`: no scan, only what was learned. The same harmonizer gives the same bytes. */
export function saveScanHarmonizer(fitted: FittedScanHarmonizer): string {
  const { kind, version: own, state, blobs } = fitted.save();
  const numbers = Object.entries(blobs).map(([name, bytes]) => {
    return [name, Array.from(floatsFrom(bytes, bytes.byteLength / 8, name))] as const;
  });
  const method = { kind, version: own, state, numbers: Object.fromEntries(numbers) };
  return `${JSON.stringify({ kind: 'scan-harmonizer', version, method }, null, 1)}\n`;
}

/**
 * @param text that `saveScanHarmonizer` wrote
 * @param name the file's name, for messages
 * @throws InputError where it is none, is from a newer version, or is broken
 */
export function openScanHarmonizer(text: string, name: string): FittedScanHarmonizer {
  let file: { readonly kind?: unknown; readonly version?: unknown; readonly method?: Method };
  try {
    file = (JSON.parse(text) ?? {}) as typeof file;
  } catch (cause) {
    throw new InputError({ where: name, what: 'not JSON', expected: 'a map that `image harmonize` wrote', cause });
  }
  if (file.kind !== 'scan-harmonizer') {
    const [expected, got] = ['kind "scan-harmonizer"', JSON.stringify(file.kind)];
    throw new InputError({ where: name, what: 'no harmonizer of scans', expected, got });
  }
  checkVersion(name, file.version, version);
  const { kind, version: own, state, numbers } = file.method ?? {};
  const builds: readonly Build[] = Object.values(scanHarmonizers);
  const build = builds.find((one) => one.kind.kind === kind);
  if (!build) {
    const expected = builds.map((one) => one.kind.kind).join(', ');
    throw new InputError({ where: name, what: 'an unknown method', expected, got: String(kind) });
  }
  checkVersion(name, own, build.kind.version);
  if (!isState(state) || !areNumbers(numbers)) throw new InputError({ where: name, what: 'a broken harmonizer' });
  const blobs = Object.fromEntries(
    Object.entries(numbers).map(([key, list]) => [key, toBytes(Float64Array.from(list))]),
  );
  try {
    return build.open({ kind: build.kind.kind, version: build.kind.version, state, blobs });
  } catch (cause) {
    throw new InputError({ where: name, what: 'a broken harmonizer', cause });
  }
}

interface Method {
  readonly kind?: unknown;
  readonly version?: unknown;
  readonly state?: unknown;
  readonly numbers?: unknown;
}

function checkVersion(name: string, found: unknown, most: number): void {
  if (Number.isInteger(found) && (found as number) >= 1 && (found as number) <= most) return;
  const expected = `version ${most} at most`;
  throw new InputError({ where: name, what: 'from a newer consilience', expected, got: `version ${String(found)}` });
}

function isState(state: unknown): state is JsonObject {
  const { mask, channels } = (state ?? {}) as { readonly mask?: unknown; readonly channels?: unknown };
  return (foregroundRules as readonly unknown[]).includes(mask) && Array.isArray(channels) && channels.length > 0;
}

function areNumbers(numbers: unknown): numbers is Record<string, number[]> {
  if (typeof numbers !== 'object' || numbers === null) return false;
  return Object.values(numbers).every((list) => Array.isArray(list) && list.every((one) => Number.isFinite(one)));
}
