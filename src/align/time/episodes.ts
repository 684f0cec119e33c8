/** When a watched quantity was beyond its threshold for long enough to count, told from readings as they came. */
import { InputError } from '../../errors.ts';
import type { Episode } from './recording.ts';

export interface EpisodeOptions {
  readonly threshold: number;
  readonly beyond: 'below' | 'above';
  /** Between two readings as a rule: the last one beyond is taken to hold for so long. */
  readonly everySeconds: number;
  /** A shorter stretch beyond is none. Default 900, the 15 minutes of the consensus on CGM (Danne 2017). */
  readonly atLeastSeconds?: number;
  /** It is over at the first reading back at least so long after the last one beyond. Default `atLeastSeconds`. */
  readonly backSeconds?: number;
  /** What lies either side of a longer silence is two stretches. Default three times `everySeconds`. */
  readonly gapSeconds?: number;
}

/**
 * It begins with the first reading beyond the threshold; single readings back do not end it. It takes two readings beyond at
 * the least, however far apart they may be due.
 *
 * @param timeMs ascending; faulty readings are to be left out before
 * @returns in order of time; an end is the first reading back, or where the gap or the end of the readings came first, the
 *   last reading beyond and what it holds for
 * @throws InputError where times descend or lengths differ
 */
export function episodesOf(
  timeMs: ArrayLike<number>,
  value: ArrayLike<number>,
  { threshold, beyond, everySeconds, atLeastSeconds = 900, backSeconds, gapSeconds }: EpisodeOptions,
): Episode[] {
  if (timeMs.length !== value.length) {
    throw new InputError({
      where: 'episodesOf',
      what: 'times and values differ in number',
      expected: `${timeMs.length} values`,
      got: `${value.length}`,
    });
  }
  const sign = beyond === 'below' ? 1 : -1;
  const holdsMs = everySeconds * 1000;
  const backMs = (backSeconds ?? atLeastSeconds) * 1000;
  const gapMs = (gapSeconds ?? 3 * everySeconds) * 1000;
  const episodes: Episode[] = [];
  let count = 0; // readings beyond, of the stretch that is open
  let first = 0;
  let last = 0;
  let back = Number.NaN; // the first reading back since
  let extreme = 0;
  const close = () => {
    if (count >= 2 && last - first + holdsMs >= atLeastSeconds * 1000) {
      episodes.push({ onsetMs: first, endMs: Number.isNaN(back) ? last + holdsMs : back, extreme: sign * extreme });
    }
    count = 0;
  };
  for (let i = 0; i < timeMs.length; i++) {
    const time = timeMs[i];
    const height = sign * value[i];
    if (i > 0 && !(time >= timeMs[i - 1])) {
      throw new InputError({ where: `episodesOf: reading ${i}`, what: 'time runs backward', expected: 'ascending' });
    }
    if (count > 0 && time - timeMs[i - 1] > gapMs) close();
    if (height < sign * threshold) {
      if (count === 0) first = time;
      extreme = count === 0 ? height : Math.min(extreme, height);
      last = time;
      back = Number.NaN;
      count++;
    } else if (count > 0) {
      if (Number.isNaN(back)) back = time;
      if (time - last >= backMs) close();
    }
  }
  close();
  return episodes;
}
