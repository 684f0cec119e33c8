/** The second example of hybrid fusion: nothing but a configuration, run by the code that watches glucose. */
import { describe, expect, it } from 'vitest';
import { parseHybrid } from '../../src/fuse/hybrid/config/config.ts';
import { configuredHybrid } from '../../src/fuse/hybrid/config/model.ts';
import { hybridSubjects } from '../../src/stream/hybrid-subjects.ts';
import { read } from '../structure/sources.ts';
import { type Scene, scene, sceneStartMs } from './fall-world.ts';

const path = 'examples/fall-detection.yaml';
const online = hybridSubjects(configuredHybrid(parseHybrid(read(path), path)));

/** Changes in seconds since the scene began. */
function told(of: Scene, isAbout: 'alerts' | 'sensors' = 'alerts') {
  let state = online.init();
  const changes = scene(of).flatMap((arrival) => {
    const [next, said] = online.step(state, arrival);
    state = next;
    return said.flatMap((one) => ('refused' in one ? [] : one.out.changes));
  });
  return changes
    .filter(({ sensor }) => (sensor !== undefined) === (isAbout === 'sensors'))
    .map(({ kind, timeMs, sensor }) => ({ kind, at: (timeMs - sceneStartMs) / 1000, sensor }));
}

const seeds = Array.from({ length: 40 }, (_, i) => 101 + i);
const momentOf = (seed: number) => 60 + ((seed * 7.3) % 40);

describe('a fall', () => {
  const falls = seeds.map((seed) => {
    const changes = told({ seed, seconds: 180, fallAt: momentOf(seed) });
    const delay = (kinds: readonly string[]) =>
      (changes.find(({ kind }) => kinds.includes(kind))?.at ?? Number.POSITIVE_INFINITY) - momentOf(seed);
    return { changes, raised: delay(['provisional', 'confirmed']), confirmed: delay(['confirmed']) };
  });

  it('raises an alert within seconds, long before the room sensor has been heard again', ({ annotate }) => {
    const delays = falls.map(({ raised }) => raised).sort((a, b) => a - b);
    void annotate(`delays ${delays.map((delay) => delay.toFixed(1)).join(' ')} s`);
    expect(Math.min(...delays)).toBeGreaterThan(0);
    expect(delays[20]).toBeLessThan(3);
    expect(delays.filter((delay) => delay < 5).length).toBeGreaterThanOrEqual(36);
    expect(delays[39]).toBeLessThan(12);
  });

  it('is confirmed by the next reading of the room sensor as a rule, at the latest by the one after it', () => {
    const delays = falls.map(({ confirmed }) => confirmed);
    expect(delays.filter((delay) => delay < 13).length).toBeGreaterThanOrEqual(30);
    expect(Math.max(...delays)).toBeLessThan(23);
    expect(falls.flatMap(({ changes }) => changes.filter(({ kind }) => kind === 'retracted'))).toEqual([]);
  });

  it('without a room sensor is raised all the same, and confirmed when nobody takes it back', () => {
    for (const seed of seeds.slice(0, 10)) {
      const fallAt = momentOf(seed);
      const changes = told({ seed, seconds: 180, fallAt, room: false });
      expect(changes.map(({ kind }) => kind).slice(0, 2)).toEqual(['provisional', 'confirmed']);
      expect(changes[0].at - fallAt).toBeLessThan(5);
      expect(changes[1].at - changes[0].at).toBe(60);
    }
  });
});

describe('sitting down hard', () => {
  const sits = seeds.map((seed) => told({ seed, seconds: 180, sitAt: momentOf(seed) }));

  it('often raises an alert, which a reading of the room sensor takes back', () => {
    const raised = sits.filter((changes) => changes.length > 0);
    expect(raised.length).toBeGreaterThan(sits.length / 2);
    for (const changes of raised) {
      expect(changes.map(({ kind }) => kind)).toEqual(['provisional', 'retracted']);
      expect(changes[1].at - changes[0].at).toBeLessThan(13);
    }
  });
});

describe('walking about', () => {
  it('raises nothing in an hour', () => {
    for (const seed of [1, 2]) expect(told({ seed, seconds: 3600 })).toEqual([]);
  });

  it('raises nothing without a room sensor either, but its silence is told', () => {
    const of = { seed: 3, seconds: 1200, room: false };
    expect(told(of)).toEqual([]);
    const silences = told(of, 'sensors');
    expect(silences).toMatchObject([{ kind: 'silent', sensor: 'room' }]);
    expect(silences[0].at).toBeLessThan(40);
  });
});
