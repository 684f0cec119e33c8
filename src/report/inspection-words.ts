/** The figures of an inspection as words, the same for terminal and page. */
import type { Absence, Inspection, LittleTest, ModalityCard, Spread } from '../inspect/inspection.ts';
import { absent, count, counted, percent, pValue, share } from '../score/written.ts';
import { gridWords } from './sections/scans.ts';

/** What a card tells, term by term. */
export function cardTerms(card: ModalityCard, subjects: number): readonly (readonly [string, string])[] {
  const scales = Object.entries(card.scales);
  return [
    ['Features', count(card.features)],
    ...(card.image ? [['Voxels', gridWords(card.image)] as const] : []),
    ['Subjects', `${count(card.subjects)} of ${count(subjects)}`],
    ['Scale', scales.map(([scale, n]) => (scales.length > 1 ? `${count(n)} ${scale}` : scale)).join(', ')],
    ['Unit', card.unit ?? 'not stated'],
    ['Missing cells', card.missingShare > 0 ? percent(card.missingShare) : 'none'],
    ['Skewness', spreadWords(card.skewness)],
    ['Zeros', card.zeroShare === null ? absent : percent(card.zeroShare)],
    ['Counts', countWords(card)],
    ['Row sums', card.rowSum === null ? 'vary' : `all ${short(card.rowSum)}: a composition`],
    ['Constant', columnWords(card.constant.count, card.nearConstant.count)],
    ['Duplicates', card.duplicates.count > 0 ? counted(card.duplicates.count, 'column') : 'none'],
  ];
}

function spreadWords(spread: Spread | null): string {
  if (!spread) return absent;
  if (spread.columns === 1) return short(spread.median);
  return `${short(spread.median)} (quartiles ${short(spread.lowerQuartile)} to ${short(spread.upperQuartile)})`;
}

function countWords({ counts }: ModalityCard): string {
  if (!counts) return absent;
  const slope = counts.slope === null ? '' : `, ln variance on ln mean ${short(counts.slope)}`;
  return `${count(counts.overdispersed)} of ${count(counts.tested)} beyond Poisson at 5 %, dispersion ${short(counts.medianDispersion)}${slope}`;
}

function columnWords(constant: number, near: number): string {
  if (constant + near === 0) return 'none';
  return near > 0 ? `${count(constant)}, and ${count(near)} nearly` : count(constant);
}

/** `protein and vital_status`. */
export function absencePair({ modality, with: against }: Absence, { target }: Inspection['study']): string {
  return `${modality} and ${against === 'target' ? target.name : 'groups'}`;
}

export function absenceCells({ cells }: Absence): string {
  const shown = cells.slice(0, 4).map(({ name, n, absent: lacking }) => `${name} ${lacking} of ${n}`);
  return `${shown.join(', ')}${cells.length > 4 ? ', ...' : ''}`;
}

export function littleWords(little: LittleTest | null): string {
  if (!little)
    return "Little's test of missing completely at random: not possible here (nothing missing, or too few subjects).";
  const { statistic, df, p, columns, patterns } = little;
  return `Little's test of missing completely at random on ${columns.length} columns, ${patterns} patterns: chi-square ${short(statistic)}, ${df} degrees of freedom, p ${pValue(p)}.`;
}

export function groupWords({ groupsWithTarget, study }: Inspection): string | undefined {
  if (!groupsWithTarget) return undefined;
  const { cramersV, p } = groupsWithTarget;
  return `${counted(study.groups ?? 0, 'group')} and ${study.target.name}: Cramér's V ${share(cramersV, 2)}, p ${pValue(p)}.`;
}

/** A difference in standard deviations, always with its sign: `+1.24`, `−.50`. */
export function sds(value: number): string {
  const text = share(value, 2);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** Three significant digits, with a true minus. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '−');
}
