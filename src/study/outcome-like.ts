import type { Block } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';

const fewest = 10; // subjects with a value, below which an agreement may be luck

/**
 * Warns of features whose values tell the classes one to one: most often the outcome itself under another name.
 * @throws InputError where such a feature has the target's own name: a copy of the outcome
 */
export function outcomeLike({ modality, values, observed }: Block, { name, labels }: Target): Warning[] {
  const columns = values.shape[1];
  const found = modality.features.filter((_, j) => {
    const classOf = new Map<number, number>();
    const levelOf = new Map<number, number>();
    let measured = 0;
    for (let i = 0; i < labels.length; i++) {
      const at = i * columns + j;
      if (!observed[at]) continue;
      measured++;
      const value = values.data[at];
      if ((classOf.get(value) ?? labels[i]) !== labels[i] || (levelOf.get(labels[i]) ?? value) !== value) return false;
      classOf.set(value, labels[i]);
      levelOf.set(labels[i], value);
    }
    return measured >= fewest && classOf.size > 1;
  });
  if (found.length === 0) return [];
  const copy = found.find((feature) => feature.name === name);
  if (copy) {
    throw new InputError({
      where: `modality ${modality.name}`,
      what: `column "${copy.name}" is the target itself`,
      expected: `a modality without it (exclude: [${copy.name}])`,
    });
  }
  const shown = found.slice(0, 5).map((feature) => feature.name);
  const message = `${modality.name}: ${shown.join(', ')}${found.length > 5 ? ', ...' : ''} tells ${name} one to one; if it was derived from the outcome, exclude it`;
  return [{ code: 'outcome-like-column', message }];
}
