/** Intensity harmonizers as estimators over scans. */
import { InputError } from '../../errors.ts';
import { type Estimator, type Fitted, type JsonObject, nest, type Saved, unnest } from '../../estimator.ts';
import { assembled, dismantled, type Learned } from '../harmonizer.ts';
import type { ForegroundRule } from './foreground.ts';
import { type IntensityMap, mapIntensities } from './intensity-map.ts';
import { channelsOf, type Scan } from './scan.ts';
import { type Voxels, voxelsThatCount } from './voxels.ts';

export interface MaskOption {
  /** Which voxels of a scan without a mask of its own its map is learned from. The map then changes every voxel. */
  readonly mask?: ForegroundRule;
}

/** A way to harmonize, in its two halves, both of one channel. */
export interface IntensityKind<Options extends MaskOption, State extends Learned> {
  readonly kind: string;
  readonly version: number;
  /** The rule where options say none. */
  readonly mask: ForegroundRule;
  /** What the voxels of training scans teach, each looked at once. */
  readonly learn: (scans: Iterable<Voxels>, options: Options) => State;
  /** Whether what was learned can be used: files may have been altered. @throws where it cannot */
  readonly check: (state: State) => void;
  /** The map of a scan, new or of training. */
  readonly mapOf: (voxels: Voxels, state: State) => IntensityMap;
  /** What values are afterwards: of the same unit (`same`), ratios or intervals without one. */
  readonly makes: 'same' | 'ratio' | 'interval';
}

export interface FittedScanHarmonizer extends Fitted<readonly Scan[], Scan[]> {
  /** The map of each channel of a scan; `invertIntensityMap` takes it back. */
  mapsOf(scan: Scan): IntensityMap[];
}
export type ScanHarmonizer = Estimator<readonly Scan[], undefined, Scan[], FittedScanHarmonizer>;

/** What was learned of each channel. */
export interface Channelwise<State> {
  readonly mask: ForegroundRule;
  readonly channels: readonly State[];
}

/**
 * Scans in, scans out: `data` is harmonized (singles of singles, doubles of all else), `channels`, `mask` and `shape` stay.
 * All scans have as many channels; their sizes are their own.
 */
export function scanHarmonizer<Options extends MaskOption, State extends Learned>(
  kind: IntensityKind<Options, State>,
): {
  (options?: Options): ScanHarmonizer;
  readonly open: (saved: Saved) => FittedScanHarmonizer;
  readonly kind: IntensityKind<Options, State>;
} {
  const fitted = (state: Channelwise<State>): FittedScanHarmonizer => {
    const mapsOf = (scan: Scan, where: string) =>
      sameChannels(channelsOf(scan, where), state.channels.length, where).map((channel, c) =>
        kind.mapOf(voxelsThatCount(channel, state.mask), state.channels[c]),
      );
    return {
      mapsOf: (scan) => mapsOf(scan, kind.kind),
      apply: async (scans) =>
        scans.map((scan, s) => mapped(scan, mapsOf(scan, `${kind.kind}: scan ${s + 1} of ${scans.length}`))),
      save: () => saveChannels(kind, state),
    };
  };
  const build = (options: Options = {} as Options): ScanHarmonizer => ({
    spec: { kind: kind.kind, version: kind.version, options: options as unknown as JsonObject },
    async fit(scans) {
      const where = `${kind.kind}: training`;
      if (scans.length === 0) throw new InputError({ where, what: 'no scans', expected: 'one or more' });
      const { channels = 1 } = scans[0];
      const mask = options.mask ?? kind.mask;
      const taught = (c: number) =>
        (function* () {
          for (const [s, scan] of scans.entries()) {
            const own = `${where}: scan ${s + 1} of ${scans.length}`;
            yield voxelsThatCount(sameChannels(channelsOf(scan, own), channels, own)[c], mask);
          }
        })();
      return fitted({ mask, channels: Array.from({ length: channels }, (_, c) => kind.learn(taught(c), options)) });
    },
  });
  return Object.assign(build, { open: (saved: Saved) => fitted(openChannels(kind, saved)), kind });
}

function mapped({ data, channels = 1, mask, shape }: Scan, maps: readonly IntensityMap[]): Scan {
  const size = data.length / channels;
  const out = data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length); // [channels, voxels]
  if (channels === 1) return { data: mapIntensities(data, maps[0]), ...(mask && { mask }), ...(shape && { shape }) };
  maps.forEach((map, c) => {
    out.set(mapIntensities(data.subarray(c * size, (c + 1) * size), map), c * size);
  });
  return { data: out, channels, ...(mask && { mask }), ...(shape && { shape }) };
}

function sameChannels<T>(channels: T[], expected: number, where: string): T[] {
  if (channels.length === expected) return channels;
  const words = (many: number) => `${many} ${many > 1 ? 'channels' : 'channel'}`;
  throw new InputError({
    where,
    what: 'another number of channels',
    expected: words(expected),
    got: words(channels.length),
  });
}

export function saveChannels<State extends Learned>(
  { kind, version }: { readonly kind: string; readonly version: number },
  { mask, channels }: Channelwise<State>,
): Saved {
  const blobs: Record<string, Uint8Array> = {};
  const parts = channels.map((state, c) => nest({ kind, version, ...dismantled(state) }, `${c}`, blobs));
  return { kind, version, state: { mask, channels: parts }, blobs };
}

export function openChannels<State extends Learned>(
  { check }: Pick<IntensityKind<never, State>, 'check'>,
  { state, blobs }: Saved,
): Channelwise<State> {
  const { mask, channels } = state as unknown as { mask: ForegroundRule; channels: JsonObject[] };
  const learned = channels.map((part, c) => assembled(unnest(part, `${c}`, blobs)) as State);
  learned.forEach(check);
  return { mask, channels: learned };
}
