import { describe, expect, it } from 'vitest';
import { random } from '../../../src/array/random.ts';
import {
  openScanHarmonizer,
  saveScanHarmonizer,
  scanHarmonizers,
} from '../../../src/harmonize/intensity/harmonizer-file.ts';
import type { Scan } from '../../../src/harmonize/intensity/scan.ts';
import { intensitySteps } from '../../../src/harmonize/intensity/steps.ts';

/** Voxels of two tissues and background. */
function scan(seed: number, channels = 1): Scan {
  const draw = random(seed);
  const one = () =>
    Float32Array.from({ length: 2000 }, (_, i) => (i % 4 === 0 ? 0 : (i % 4) * 40 + 8 * draw.normal() + 60));
  const data = new Float32Array(2000 * channels);
  for (let c = 0; c < channels; c++) data.set(one(), c * 2000);
  return { data, channels };
}

const names = Object.keys(scanHarmonizers) as (keyof typeof scanHarmonizers)[];
const fitOn = (name: (typeof names)[number], scans: readonly Scan[]) =>
  scanHarmonizers[name]().fit(scans, undefined, { seed: 0 });

describe('a harmonizer of scans in a file', () => {
  it('goes by the name that a study calls it', () => {
    expect(names.sort()).toEqual(Object.keys(intensitySteps).sort());
  });

  it.each(names)('is the same when it is opened: %s', async (name) => {
    const fitted = await fitOn(name, [scan(1, 2), scan(2, 2)]);
    const text = saveScanHarmonizer(fitted);
    const again = openScanHarmonizer(text, 'map.json');
    expect(saveScanHarmonizer(again)).toBe(text);
    const fresh = [scan(3, 2)];
    expect((await again.apply(fresh))[0].data).toEqual((await fitted.apply(fresh))[0].data);
  });

  it('holds the numbers that were learned as numbers', async () => {
    const { method } = JSON.parse(saveScanHarmonizer(await fitOn('nyul', [scan(1)])));
    const scale = Object.values(method.numbers as Record<string, number[]>).find((list) => list.length === 11);
    expect(scale?.[0]).toBe(1);
    expect(scale?.[10]).toBe(100);
  });

  it('is refused where it is none, is newer, or is broken', async () => {
    const whole = JSON.parse(saveScanHarmonizer(await fitOn('nyul', [scan(1)])));
    const open = (value: unknown) => () => openScanHarmonizer(JSON.stringify(value), 'map.json');
    const method = (more: object) => open({ ...whole, method: { ...whole.method, ...more } });
    expect(() => openScanHarmonizer('{', 'map.json')).toThrow('map.json: not JSON');
    expect(open(null)).toThrow('map.json: no harmonizer of scans');
    expect(open({ kind: 'transform' })).toThrow('expected kind "scan-harmonizer", got "transform"');
    expect(open({ ...whole, version: 2 })).toThrow(
      'from a newer consilience, expected version 1 at most, got version 2',
    );
    expect(method({ version: 99 })).toThrow('from a newer consilience');
    expect(method({ kind: 'magic' })).toThrow('map.json: an unknown method');
    expect(method({ numbers: { scale: ['a'] } })).toThrow('map.json: a broken harmonizer');
    expect(method({ numbers: {} })).toThrow('map.json: a broken harmonizer');
    expect(method({ state: { mask: 'none', channels: [] } })).toThrow('map.json: a broken harmonizer');
    expect(method({ state: null })).toThrow('map.json: a broken harmonizer');
  });

  it.each(names)('is refused whatever of it is lost or is no number: %s', async (name) => {
    const whole = JSON.parse(saveScanHarmonizer(await fitOn(name, [scan(1), scan(2)])));
    const { state, numbers } = whole.method;
    const [channel] = state.channels;
    const refused = (altered: object) =>
      expect(() => openScanHarmonizer(JSON.stringify(altered), 'map.json')).toThrow('map.json: a broken harmonizer');
    for (const key of Object.keys(channel.state)) {
      if (channel.state[key] === null) continue; // each scan by its own numbers
      const learned = { ...channel, state: { ...channel.state, [key]: 'x' } };
      refused({ ...whole, method: { ...whole.method, state: { ...state, channels: [learned] } } });
    }
    for (const key of Object.keys(numbers)) {
      const falling = [...numbers[key]].reverse();
      refused({ ...whole, method: { ...whole.method, numbers: { ...numbers, [key]: falling } } });
    }
  });
});
