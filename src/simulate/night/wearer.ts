import { deriveSeed, random } from '../../array/random.ts';
import { drawHeartHabit, type HeartHabit } from './heart.ts';
import { drawHeartTrait, type HeartTrait } from './heart-effects.ts';
import { drawSleepHabit, type SleepHabit } from './sleep.ts';

/** What a watch meets in one person, whatever the glucose does. */
export interface Wearer {
  readonly index: number;
  readonly sleep: SleepHabit;
  readonly heart: HeartHabit;
  readonly trait: HeartTrait;
}

/** Person `index` of the world of `seed`; the same one whatever was drawn before. */
export function drawWearer(seed: number, index: number): Wearer {
  const draw = random(deriveSeed(seed, 'wearer', index));
  return { index, sleep: drawSleepHabit(draw), heart: drawHeartHabit(draw), trait: drawHeartTrait(seed, index) };
}
