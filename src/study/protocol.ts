/** The protocol that a study asks for, or gets. */
import type { Cohort } from '../describe/cohort.ts';
import { asClasses, type Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { GivenSplit, Protocol } from '../evaluate/protocol.ts';
import type { StudyFile } from './schema.ts';

/** What each number belongs to. One that would do nothing is refused, since its writer thinks that it does. */
const meaningOf = { folds: ['cross-validation'], repeats: ['cross-validation', 'holdout'], testShare: ['holdout'] };

/**
 * By default the split that the data came with, else 5 x 5 folds.
 * @throws InputError where an option means nothing to the kind, or where a given split cannot be used
 */
export function protocolOf(
  given: StudyFile['protocol'] = {},
  target: Target,
  splits: readonly GivenSplit[] | undefined,
): Protocol {
  const { kind = splits ? 'given' : 'cross-validation', folds = 5, repeats, testShare = 0.3 } = given;
  for (const [option, kinds] of Object.entries(meaningOf)) {
    if (given[option as keyof typeof meaningOf] === undefined || kinds.includes(kind)) continue;
    throw new InputError({
      where: `protocol.${option}`,
      what: `means nothing to ${kind === 'given' ? 'the split that the data came with' : `kind "${kind}"`}`,
      expected: `kind: ${kinds.join(' or ')} with it`,
      got: given.kind === undefined ? `no kind, which here means "${kind}"` : `kind: ${kind}`,
    });
  }
  if (kind === 'cross-validation') return { kind, folds, repeats: repeats ?? 5 };
  if (kind === 'leave-one-group-out') return { kind };
  if (kind === 'holdout') return { kind, repeats: repeats ?? 30, testShare };
  if (!splits) {
    const expected = 'train and test files, or a split table';
    throw new InputError({ where: 'protocol.kind', what: '"given", but the study has no split', expected });
  }
  for (const split of splits) checkSplit(split, target);
  return { kind, splits };
}

function checkSplit({ train, test }: GivenSplit, target: Target): void {
  const lacking = train.length === 0 ? 'training' : test.length === 0 ? 'test' : undefined;
  if (lacking) {
    const what = `the split has no ${lacking} subjects with a target`;
    throw new InputError({ where: 'protocol', what, expected: `targets in the ${lacking} part, or another kind` });
  }
  if (target.kind === 'value') return;
  const { name, classes, labels } = asClasses(target);
  const met = new Set(Array.from(train, (row) => labels[row]));
  if (met.size > 1) return;
  const [only] = met;
  if (target.kind === 'survival') {
    if (only === 1) return;
    const none = 'nobody in the training part of the split had the event';
    throw new InputError({ where: `target ${name}`, what: none, expected: 'at least one event', got: 'all censored' });
  }
  const what = 'the training part of the split has one class only';
  throw new InputError({ where: `target ${name}`, what, expected: 'at least two classes', got: classes[only] });
}

/** Modalities that a given split lets no model learn: nobody who is trained on has them. */
export function untrained(protocol: Protocol, { blocks }: Cohort): Warning[] {
  if (protocol.kind !== 'given') return [];
  return blocks.flatMap(({ modality, present }) => {
    const without = protocol.splits.filter(({ train }) => train.every((row) => present[row] === 0)).length;
    const many = protocol.splits.length > 1 ? ` in ${without} of ${protocol.splits.length} splits` : '';
    const message = `no training subject has ${modality.name}${many}, so nothing is learned from it there`;
    return without ? [{ code: 'untrained-modality', message }] : [];
  });
}
