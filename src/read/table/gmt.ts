/**
 * Gene sets in the GMT format (Gene Matrix Transposed, Broad Institute): a line a set, its name, a description and its
 * genes, separated by tabs.
 */
import { InputError } from '../../errors.ts';
import { gunzip, isGzip } from '../packed/gunzip.ts';
import { unifyLines } from './delimited.ts';
import { decodeText } from './text.ts';

/** Plain values: whether the genes are measured is for others to say. */
export interface GeneSet {
  readonly name: string;
  /** What the file says of it, often where it is from; may be empty. */
  readonly description: string;
  /** As the file spells them, in its order, each once. */
  readonly genes: readonly string[];
}

const mostBytes = 2 ** 28; // unpacked; the largest public collections are below 2^25

/**
 * Reads gene sets, gzipped or not. Line ends of any system, a byte order mark, blank lines and tabs at the end of a line are
 * overlooked, as is a gene that a set names twice.
 *
 * @param name the file's name, for messages only
 * @throws InputError, with the line, for fewer than three fields, a set without a name, two sets of one name and an empty
 *   gene; where there is no set, and for bytes that are no UTF-8 text
 */
export async function readGmt(bytes: Uint8Array, name: string): Promise<GeneSet[]> {
  const plain = isGzip(bytes) ? await gunzip(bytes, name, mostBytes) : bytes;
  if (plain.length > mostBytes) {
    const expected = `at most ${mostBytes} bytes`;
    throw new InputError({ where: name, what: 'too large', expected, got: `${plain.length}` });
  }
  if (plain.length === 0) throw noSets(name);
  const lines = unifyLines(textOf(plain, name)).split('\n');
  const sets: GeneSet[] = [];
  const seen = new Map<string, number>(); // name -> line
  lines.forEach((text, at) => {
    if (text.trim() === '') return;
    const line = at + 1;
    const set = readSet(text, `${name}: line ${line}`);
    const earlier = seen.get(set.name);
    if (earlier !== undefined) {
      const [where, got] = [`${name}: line ${line}`, `lines ${earlier} and ${line}`];
      throw new InputError({ where, what: `two gene sets named "${set.name}"`, expected: 'different names', got });
    }
    seen.set(set.name, line);
    sets.push(set);
  });
  if (sets.length === 0) throw noSets(name);
  return sets;
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return decodeText(bytes, name);
  } catch (cause) {
    const { where, got = 'something else' } = cause as InputError; // its advice is on tables
    throw new InputError({ where, what: 'not a text of gene sets', expected: 'UTF-8', got, cause });
  }
}

function readSet(line: string, where: string): GeneSet {
  const fields = line.split('\t').map((field) => field.trim());
  while (fields.length > 0 && fields[fields.length - 1] === '') fields.pop();
  if (fields.length < 3) {
    const got = fields.length === 1 ? '1 field' : `${fields.length} fields`;
    const expected = 'a name, a description and genes, separated by tabs';
    throw new InputError({ where, what: 'not a gene set', expected, got });
  }
  const [name, description, ...genes] = fields;
  if (name === '') throw new InputError({ where, what: 'a gene set without a name', expected: 'a name' });
  const empty = genes.indexOf('');
  if (empty >= 0) {
    const got = `none in field ${empty + 3}`;
    throw new InputError({ where, what: `an empty gene in "${name}"`, expected: 'a gene between two tabs', got });
  }
  return { name, description, genes: [...new Set(genes)] };
}

function noSets(where: string): InputError {
  return new InputError({ where, what: 'no gene sets', expected: 'a line a set: name, description, genes' });
}
