/** Gene sets as groups of a modality's columns: those of a size that can be learned from, with what they leave out told. */
import type { DescribedTable } from '../describe/describe-table.ts';
import type { FeatureGroup } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { GeneSet } from '../read/table/gmt.ts';

export interface GeneSetOptions {
  /** The file of the sets and its place in the study, for messages. */
  readonly file: string;
  readonly where: string;
  /** Sets of which fewer columns are measured are left out. Default 5. */
  readonly least?: number | undefined;
  /** Sets of which more columns are measured are left out. Default 500. */
  readonly most?: number | undefined;
}

/**
 * The modality with a group for each set: the set's genes that are columns, compared letter by letter.
 *
 * @throws InputError where no gene is a column, and where no set has `least` to `most` columns
 */
export function withGeneSets(
  { modality, columns, warnings }: DescribedTable,
  sets: readonly GeneSet[],
  { file, where, least = 5, most = 500 }: GeneSetOptions,
): DescribedTable {
  if (least > most) {
    throw new InputError({
      where: `${where}.least`,
      what: 'more than most',
      expected: `at most ${most}`,
      got: `${least}`,
    });
  }
  const names = modality.features.map(({ name }) => name);
  const known = new Set(names);
  const genes = [...new Set(sets.flatMap((set) => set.genes))];
  const measured = genes.filter((gene) => known.has(gene));
  if (measured.length === 0) {
    throw new InputError({
      where,
      what: `no gene of the ${sets.length} ${sets.length > 1 ? 'sets' : 'set'} in ${file} is a column of ${modality.name}`,
      expected: `names such as ${some(names)}`,
      got: `${some(genes)}${inOtherCase(genes, names)}`,
    });
  }
  const groups = sets.map(
    ({ name, genes }): FeatureGroup => ({ name, features: genes.filter((gene) => known.has(gene)) }),
  );
  const kept = groups.filter(({ features }) => features.length >= least && features.length <= most);
  if (kept.length === 0) {
    const sizes = Int32Array.from(groups, ({ features }) => features.length).sort();
    const [smallest, largest] = [sizes[0], sizes[sizes.length - 1]];
    throw new InputError({
      where,
      what: `no set in ${file} has ${least} to ${most} genes that are columns of ${modality.name}`,
      expected: 'other bounds (least, most), or sets of such a size',
      got: `${sets.length} of ${smallest} to ${largest}`,
    });
  }
  const left = groups.filter((group) => !kept.includes(group)).map(({ name }) => name);
  const told: Warning[] = [];
  if (measured.length < genes.length) {
    const share = Math.floor((100 * measured.length) / genes.length);
    const missing = genes.filter((gene) => !known.has(gene));
    const message = `${file}: ${measured.length} of the ${genes.length} genes of its sets are columns of ${modality.name} (${share} %); others, such as ${some(missing)}, are not${inOtherCase(missing, names)}`;
    told.push({ code: 'gene-set-coverage', message });
  }
  if (left.length > 0) {
    const message = `${file}: ${left.length} of ${sets.length} sets left out, with fewer than ${least} or more than ${most} columns of ${modality.name}: ${some(left)}`;
    told.push({ code: 'gene-sets-left-out', message });
  }
  return { modality: { ...modality, groups: kept }, columns, warnings: [...warnings, ...told] };
}

function some(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`;
}

/** Symbols of mouse and human differ in case and are not the same gene, so it is told and left to the user. */
function inOtherCase(genes: readonly string[], columns: readonly string[]): string {
  const lower = new Map(columns.map((name) => [name.toLowerCase(), name]));
  const pairs = genes.flatMap((gene) => {
    const column = lower.get(gene.toLowerCase());
    return column === undefined ? [] : [`${gene} and ${column}`];
  });
  return pairs.length > 0
    ? ` (${pairs.length} ${pairs.length > 1 ? 'differ' : 'differs'} from a column in case only, such as ${pairs[0]})`
    : '';
}
