import type { Block } from '../describe/cohort.ts';
import { asClasses, type Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';

const fewest = 10; // subjects with a value, below which an agreement may be luck

/**
 * Warns of features whose values tell the classes one to one: most often the outcome itself under another name.
 * @throws InputError where such a feature has the target's own name: a copy of the outcome
 */
export function outcomeLike(block: Block, target: Target): Warning[] {
  const { modality, values, observed } = block;
  const { name } = target;
  const { labels } = asClasses(target);
  const columns = values.shape[1];
  const measure = target.kind === 'survival' ? target.timeDays : target.kind === 'value' ? target.values : undefined;
  const found = modality.features.filter((_, j) => {
    if (measure && followsMeasure(block, j, measure)) return true;
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

/** Whether a feature is the time or the value itself, perhaps in another unit: correlated to the last digits. */
function followsMeasure({ values, observed }: Block, j: number, measure: Float64Array): boolean {
  const columns = values.shape[1];
  const rows = Array.from(measure.keys()).filter((i) => observed[i * columns + j]);
  if (rows.length < fewest) return false;
  const mean = (of: (i: number) => number) => rows.reduce((sum, i) => sum + of(i), 0) / rows.length;
  const value = (i: number) => values.data[i * columns + j];
  const [centre, middle] = [mean(value), mean((i) => measure[i])];
  const [spread, breadth] = [mean((i) => (value(i) - centre) ** 2), mean((i) => (measure[i] - middle) ** 2)];
  const shared = mean((i) => (value(i) - centre) * (measure[i] - middle));
  return spread > 0 && breadth > 0 && Math.abs(shared) > 0.99999 * Math.sqrt(spread * breadth);
}
