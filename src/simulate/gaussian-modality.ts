import type { Modality } from '../describe/modality.ts';

/** A simulated modality of so many interval columns, `NAME.1` and on: measured once, with Gaussian noise, gaps by lot. */
export function gaussianModality(name: string, width: number): Modality {
  return {
    name,
    features: Array.from({ length: width }, (_, j) => ({ name: `${name}.${j + 1}`, scale: 'interval' as const })),
    noise: 'gaussian',
    constraint: 'none',
    sampling: { kind: 'once' },
    missingness: 'completely-at-random',
  };
}
