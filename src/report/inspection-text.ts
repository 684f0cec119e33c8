import picocolors from 'picocolors';
import type { Inspection } from '../inspect/inspection.ts';
import { count, pValue, share } from '../score/written.ts';
import { absenceCells, absencePair, cardTerms, groupWords, littleWords, sds } from './inspection-words.ts';
import { wrap } from './terminal.ts';
import { setOf } from './words.ts';

interface Look {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const shownPatterns = 12;
const termWidth = 15;

/** The inspection as text: a card for each modality, who lacks what, then what deserves attention. No final newline. */
export function renderInspectionText(inspection: Inspection, { color, width }: Look): string {
  const colors = picocolors.createColors(color);
  const { study, modalities, patterns, absence, little, deltaShift, leaks, warnings } = inspection;
  const names = modalities.map(({ name }) => name);
  const head = (text: string) => ['', ...wrap(text, width).map(colors.bold)];
  const wrapped = (text: string) => wrap(text, width - 2).map((line) => `  ${line}`);
  const group = groupWords(inspection);
  const { name, classes, classCounts } = study.target;
  const lines = [
    colors.bold(study.title),
    ...wrap(
      `${count(study.subjects)} subjects; ${name}: ${classes.map((k, at) => `${k} (${classCounts[at]})`).join(', ')}`,
      width,
    ),
    ...modalities.flatMap((card) => [
      ...head(card.name),
      ...cardTerms(card, study.subjects).flatMap(([term, meaning]) => {
        const [first = '', ...rest] = wrap(meaning, width - termWidth - 2);
        const indent = ' '.repeat(termWidth + 2);
        return [`  ${colors.dim(term.padEnd(termWidth))}${first}`, ...rest.map((line) => indent + line)];
      }),
    ]),
    ...head('Who has what'),
    ...patterns.slice(0, shownPatterns).flatMap(({ present, n }) => wrapped(`${count(n)}: ${setOf(present, names)}`)),
    ...(patterns.length > shownPatterns ? wrapped(`and ${count(patterns.length - shownPatterns)} rarer sets`) : []),
    ...head('Does being missing tell something?'),
    ...(absence.length === 0 ? wrapped('No modality is missing in some subjects only.') : []),
    ...absence.flatMap((test) =>
      wrapped(`${absencePair(test, study)}: lacking it ${absenceCells(test)}; p ${pValue(test.pHolm)} (Holm)`),
    ),
    ...wrapped(littleWords(little)),
    ...(group ? [...head('Groups'), ...wrapped(group)] : []),
    ...(deltaShift.length > 0
      ? [
          ...head(`If the missing values of ${classes[1]} were δ standard deviations off`),
          ...deltaShift.flatMap(({ modality, feature, differences, tippingDelta }) =>
            wrapped(
              `${modality} ${feature}: difference ${differences.map(({ delta, difference }) => `${sds(difference)} at ${sds(delta)}`).join(', ')}${tippingDelta === null ? '' : `; gone at ${sds(tippingDelta)}`}`,
            ),
          ),
        ]
      : []),
    ...(leaks.length > 0
      ? [
          ...head('Suspected leaks'),
          ...leaks
            .slice(0, 20)
            .flatMap((leak) =>
              wrapped(`${leak.modality} ${leak.feature}: AUROC ${share(leak.auroc)} for ${leak.class}, by ${leak.by}`),
            ),
        ]
      : []),
    ...(warnings.length > 0
      ? [
          ...head('Read with care'),
          ...warnings.flatMap(({ message }) => wrap(`! ${message}`, width).map(colors.yellow)),
        ]
      : []),
  ];
  return lines.join('\n');
}
