/** Which training people are set aside to say when a network has learned enough. */
import { deriveSeed, permutation, random } from '../../../array/random.ts';

/**
 * One of each group of people who are neighbours in their numbers of events, chosen by the seed, so that those set aside
 * have their share of them. At least one person; all of one.
 *
 * @param person of each track, 0 .. people - 1; [tracks]
 * @param events of each track; [tracks]
 * @returns 1 for tracks of people set aside; [tracks]
 */
export function setAside(person: Int32Array, events: ArrayLike<number>, share: number, seed: number): Uint8Array {
  const people = person.reduce((last, p) => Math.max(last, p), -1) + 1;
  const total = new Float64Array(people); // [people]
  for (let t = 0; t < person.length; t++) total[person[t]] += events[t];
  const draw = random(deriveSeed(seed, 'aside'));
  const order = permutation(people, draw).sort((a, b) => total[b] - total[a]);
  const groups = Math.min(Math.max(1, Math.round(people * share)), Math.max(1, people - 1));
  const isAside = new Uint8Array(people); // [people]
  for (let g = 0; g < groups; g++) {
    const from = Math.floor((g * people) / groups);
    const end = Math.floor(((g + 1) * people) / groups);
    isAside[order[from + draw.integer(end - from)]] = 1;
  }
  return Uint8Array.from(person, (p) => isAside[p]);
}
