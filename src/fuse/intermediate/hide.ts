/** What is hidden from a network in training, so that it does without. */
import type { Random } from '../../array/random.ts';
import type { NamedValues } from '../../engine/session/runtime.ts';
import { presentName } from './network.ts';

/** Modalities hidden at random, one of those that a subject has always left (Neverova et al. 2016, "ModDrop"). */
export function hidden(feeds: NamedValues, modalities: number, rate: number, generator: Random): NamedValues {
  const { shape, data } = feeds[presentName];
  const shown = Float32Array.from(data); // [rows, modalities]
  for (let i = 0; i < shape[0]; i++) {
    const row = shown.subarray(i * modalities, (i + 1) * modalities);
    const there = [...row.keys()].filter((m) => row[m] === 1);
    const dropped = there.filter(() => generator.uniform() < rate);
    const spared = generator.integer(Math.max(1, there.length));
    if (dropped.length === there.length) dropped.splice(spared, 1);
    for (const m of dropped) row[m] = 0;
  }
  return { ...feeds, [presentName]: { shape, data: shown } };
}

/** Values set to 0 at random, the others scaled so that the mean stays. */
export function dropped(feeds: NamedValues, rate: number, generator: Random): NamedValues {
  if (rate === 0) return feeds;
  const kept = 1 / (1 - rate);
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, data }]) => {
      const left = new Float32Array(data.length); // a loop: this runs over all values at every step
      for (let at = 0; at < data.length; at++) left[at] = generator.uniform() < rate ? 0 : kept * data[at];
      return [name, { shape, data: left }];
    }),
  );
}
