/** YAML with comments: a plain value, and what is said at its paths. */
import { Document, isCollection, isMap, isPair, isScalar, type Node, Scalar } from 'yaml';

export type Path = readonly (string | number)[];

export interface Remark {
  readonly path: Path;
  /** Lines above the entry. */
  readonly above?: string;
  /** At the end of its line. */
  readonly beside?: string;
  /** The entry on one line, as `{ a: 1 }`. */
  readonly flow?: boolean;
}

const width = 110;

export function commentedYaml(value: object, remarks: readonly Remark[], head: string): string {
  const document = new Document(value);
  for (const { path, above, beside, flow } of remarks) {
    const node = document.getIn(path, true) as Node | undefined;
    if (flow && isCollection(node)) node.flow = true;
    if (beside !== undefined && node) node.comment = ` ${beside.replaceAll('\n', ' ')}`;
    if (above !== undefined) placeAbove(document, path, node, above);
  }
  document.commentBefore = comment(head);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true, singleQuote: true });
}

function placeAbove(document: Document, path: Path, node: Node | undefined, text: string): void {
  const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(holder)
    ? holder.items.find(({ key }) => (isScalar(key) ? key.value : key) === path[path.length - 1])
    : undefined;
  if (pair && isPair(pair)) {
    const key = isScalar(pair.key) ? pair.key : new Scalar(pair.key);
    key.commentBefore = comment(text);
    key.spaceBefore = path.length === 1;
    pair.key = key;
  } else if (node) node.commentBefore = comment(text);
}

/** Lines of at most so many characters, each with the space that follows `#`. */
function comment(text: string): string {
  return text
    .split('\n')
    .flatMap(folded)
    .map((line) => ` ${line}`)
    .join('\n');
}

function folded(line: string): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + word.length >= width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
