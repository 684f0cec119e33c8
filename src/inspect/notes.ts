/** What of an inspection deserves a sentence, and what can be done about it. */
import type { Cohort } from '../describe/cohort.ts';
import { count, counted, pValue, share } from '../score/written.ts';
import type { Absence, Association, Inspection, Leak, ModalityCard, Note } from './inspection.ts';

const level = 0.05;
const manyOverdispersed = 0.1; // twice the share that chance rejects at 5 %
const shownLeaks = 5;

export function notes(found: Omit<Inspection, 'warnings'>, { blocks }: Cohort): Note[] {
  const { absence, groupsWithTarget, little, leaks, modalities, study } = found;
  const target = study.target.name;
  const saidRandom = (name: string) =>
    blocks.some(({ modality }) => modality.name === name && modality.missingness === 'completely-at-random');
  return [
    ...modalities.flatMap(({ name }) => leakNotes(name, leaks, target)),
    ...absence.filter(({ pHolm }) => pHolm < level).map((test) => absenceNote(test, target, saidRandom(test.modality))),
    ...(groupsWithTarget && groupsWithTarget.p < level ? [groupNote(groupsWithTarget, target)] : []),
    ...(little && little.p < level
      ? [
          {
            code: 'not-completely-at-random',
            message: `values are not missing completely at random (Little's test on ${little.columns.length} columns, p ${written(little.p)}): subjects with different gaps differ in what was measured`,
          },
        ]
      : []),
    ...modalities.flatMap(cardNotes),
  ];
}

function leakNotes(modality: string, leaks: readonly Leak[], target: string): Note[] {
  const found = [...new Set(leaks.filter((leak) => leak.modality === modality).map(({ feature }) => feature))];
  if (found.length === 0) return [];
  const shown = found.slice(0, shownLeaks).join(', ');
  const many = found.length > shownLeaks ? `, ... (${count(found.length)} columns)` : '';
  const best = Math.max(...leaks.filter((leak) => leak.modality === modality).map(({ auroc }) => auroc));
  const message = `${modality}: ${shown}${many} alone ${found.length > 1 ? 'tell' : 'tells'} ${target} (AUROC up to ${share(best)}); if derived from the outcome or known only after it, exclude`;
  return [{ code: 'suspected-leak', message }];
}

function absenceNote({ modality, with: against, pHolm, cells }: Absence, target: string, said: boolean): Note {
  const shares = cells.map(({ name, n, absent }) => ({ name, share: absent / n })).sort((a, b) => b.share - a.share);
  const [most, least] = [shares[0], shares[shares.length - 1]];
  const spread = `missing in ${share(most.share, 2)} of ${most.name}, ${share(least.share, 2)} of ${least.name}`;
  const contrary = said ? ', though the study says that it is missing completely at random' : '';
  const means =
    against === 'target'
      ? 'a model may learn who was measured instead of what'
      : 'what is learned of it is learned of some groups only';
  return {
    code: against === 'target' ? 'informative-missingness' : 'missingness-by-group',
    message: `${modality}: lacking it goes with ${against === 'target' ? target : 'the groups'} (${spread}, p ${written(pHolm)} adjusted by Holm)${contrary}; ${means}`,
  };
}

function groupNote({ cramersV, p }: Association, target: string): Note {
  return {
    code: 'groups-with-target',
    message: `the groups tell ${target} (Cramér's V ${share(cramersV, 2)}, p ${written(p)}): a model may learn the group instead; adjusting for groups may take the signal with it`,
  };
}

function cardNotes(card: ModalityCard): Note[] {
  const { name, noise, constraint, counts, rowSum, constant, duplicates, scales, features } = card;
  const found: Note[] = [];
  if (counts && counts.overdispersed > manyOverdispersed * counts.tested && noise !== 'negative-binomial') {
    found.push({
      code: 'overdispersed-counts',
      message: `${name}: ${count(counts.overdispersed)} of ${counted(counts.tested, 'count column')} scatter more than Poisson counts (median dispersion ${Number(counts.medianDispersion.toPrecision(2))}); noise: negative-binomial describes them better than ${noise}`,
    });
  }
  if (rowSum !== null && constraint !== 'compositional') {
    found.push({
      code: 'constant-row-sum',
      message: `${name}: every complete row adds up to ${Number(rowSum.toPrecision(4))}, so only ratios carry meaning; constraint: compositional`,
    });
  }
  if (constant.count > 0) {
    found.push({
      code: 'constant-column',
      message: `${name}: ${counted(constant.count, 'column')} without variation (${shown(constant.shown, constant.count)})`,
    });
  }
  // Columns of 0 and 1 agree by chance where one of the two is rare.
  if (duplicates.count > 0 && (scales.nominal ?? 0) < features) {
    const pairs = duplicates.shown.map(([copy, of]) => `${copy} of ${of}`);
    found.push({
      code: 'duplicate-column',
      message: `${name}: ${duplicates.count === 1 ? '1 column repeats' : `${count(duplicates.count)} columns repeat`} another (${shown(pairs, duplicates.count)})`,
    });
  }
  return found;
}

function shown(names: readonly string[], all: number): string {
  return `${names.join(', ')}${all > names.length ? ', ...' : ''}`;
}

/** `= .012` or `< .001`. */
function written(p: number): string {
  const text = pValue(p);
  return text.startsWith('<') ? text : `= ${text}`;
}
