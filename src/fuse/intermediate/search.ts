/** Other networks to try: a few drawn configurations, to be judged on inner folds (random search, Bergstra and Bengio 2012). */
import { deriveSeed, random } from '../../array/random.ts';
import { hasHeads, type IntermediateOptions, type NetworkOptions } from './options.ts';

const grid = {
  width: [16, 32, 64],
  layers: [1, 2],
  dropout: [0.1, 0.3, 0.5],
  learningRate: [0.001, 0.002, 0.004],
  weightDecay: [1, 3, 10],
} as const satisfies { readonly [name in keyof NetworkOptions]?: readonly number[] };

/**
 * As many configurations as there are trials, the given one first, no two alike. What the options name stays as it is, so
 * fewer where there is nothing left to vary.
 */
export function candidates(own: NetworkOptions, named: IntermediateOptions, seed: number): NetworkOptions[] {
  const free = (Object.keys(grid) as (keyof typeof grid)[]).filter(
    (name) => named[name] === undefined && (name !== 'layers' || hasHeads(own.variant)),
  );
  const all = free.reduce<readonly NetworkOptions[]>(
    (made, name) => made.flatMap((one) => grid[name].map((value) => ({ ...one, [name]: value }))),
    [own],
  );
  const key = (one: NetworkOptions) => free.map((name) => one[name]).join();
  const others = all.filter((one) => key(one) !== key(own) && (!hasHeads(own.variant) || one.width % one.heads === 0));
  const generator = random(deriveSeed(seed, 'search'));
  const tried = [own];
  while (tried.length < own.trials && others.length > 0)
    tried.push(...others.splice(generator.integer(others.length), 1));
  return tried;
}
