import type { Block } from '../describe/cohort.ts';
import type { Feature } from '../describe/modality.ts';
import { asClasses, type Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import { follows } from './follows.ts';

const fewest = 10; // subjects with a value, below which an agreement may be luck

/**
 * Warns of features whose values tell the classes (of survival, the events) one to one, or go with the time or the value as a
 * copy in another unit or on another scale does: most often the outcome itself under another name.
 *
 * @param names The columns that hold the target; default: its name.
 * @throws InputError where such a feature has one of these names: a copy of the outcome
 */
export function outcomeLike(block: Block, target: Target, names: readonly string[] = [target.name]): Warning[] {
  const { modality, values, observed } = block;
  const { name } = target;
  const { labels } = asClasses(target);
  const columns = values.shape[1];
  const measure = target.kind === 'survival' ? target.timeDays : target.kind === 'value' ? target.values : undefined;
  const copies = modality.features.filter((_, j) => measure && followsMeasure(block, j, measure));
  const telling = modality.features.filter((feature, j) => {
    if (copies.includes(feature)) return false;
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
  const copy = [...copies, ...telling].find((feature) => names.includes(feature.name));
  if (copy) {
    throw new InputError({
      where: `modality ${modality.name}`,
      what: `column "${copy.name}" is the target itself`,
      expected: `a modality without it (exclude: [${copy.name}])`,
    });
  }
  const measured = target.kind === 'survival' ? `the time of ${name}` : name;
  const told = target.kind === 'value' ? `whether ${name} is above its median` : name;
  return [
    ...warned(
      modality.name,
      copies,
      ['goes', 'go'],
      `with ${measured} as a copy in another unit or on another scale does`,
    ),
    ...warned(modality.name, telling, ['tells', 'tell'], `${told} one to one`),
  ];
}

function warned(
  modality: string,
  found: readonly Feature[],
  [does, doSo]: readonly [string, string],
  what: string,
): Warning[] {
  if (found.length === 0) return [];
  const several = found.length > 1;
  const shown = found.slice(0, 5).map(({ name }) => name);
  const names = `${shown.join(', ')}${found.length > 5 ? ', ...' : ''}`;
  const why = several
    ? 'if they were derived from the outcome, exclude them'
    : 'if it was derived from the outcome, exclude it';
  return [{ code: 'outcome-like-column', message: `${modality}: ${names} ${several ? doSo : does} ${what}; ${why}` }];
}

/** Whether a feature is the time or the value itself, among those who have it. */
function followsMeasure({ values, observed }: Block, j: number, measure: Float64Array): boolean {
  const columns = values.shape[1];
  const rows = Array.from(measure.keys()).filter((i) => observed[i * columns + j]);
  if (rows.length < fewest) return false;
  return follows(
    Float64Array.from(measure, (_, i) => values.data[i * columns + j]),
    measure,
    rows,
  );
}
