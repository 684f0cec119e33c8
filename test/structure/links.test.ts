import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, read, repositoryFiles } from './sources.ts';

const files = new Set(repositoryFiles());
const folders = new Set([...files].flatMap(ancestors));
const documents = [...files].filter((path) => path.endsWith('.md') && !/(^|\/)fixtures\//.test(path));

function ancestors(path: string): string[] {
  const above = posix.dirname(path);
  return above === '.' ? ['.'] : [above, ...ancestors(above)];
}

function prose(markdown: string): string {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
}

/** Relative targets of links and images, in Markdown and in HTML attributes. */
function relativeLinks(markdown: string): string[] {
  const found = prose(markdown).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|\b(?:src|href|srcset)="([^"\s]+)"/g);
  return [...found].map((match) => match[1] ?? match[2]).filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** The anchors GitHub gives to headings. */
function anchors(markdown: string): Set<string> {
  const headings = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6}\s+(.*)$/gm);
  return new Set([...headings].map(([, title]) => slug(title)));
}

function slug(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function fault(document: string, target: string): string | undefined {
  const [path, anchor] = target.split('#');
  const file = path === '' ? document : posix.join(posix.dirname(document), decodeURI(path)).replace(/\/$/, '');
  if (!files.has(file) && !folders.has(file)) return `${document}: ${target} is not there`;
  if (anchor && file.endsWith('.md') && !anchors(read(file)).has(anchor))
    return `${document}: ${target} has no such heading`;
  return undefined;
}

describe('documents', () => {
  it('link to files and headings that are there', () => {
    const faults = documents.flatMap((path) => relativeLinks(read(path)).map((target) => fault(path, target)));
    expect(faults.filter((text) => text !== undefined)).toEqual([]);
  });

  it('are read link by link', () => {
    const sample = 'See [a](b.md#c "t"), ![d](e.png), `[no](x)`, [web](https://example.org), <img src="f.svg">';
    expect(relativeLinks(sample)).toEqual(['b.md#c', 'e.png', 'f.svg']);
    expect(slug('The story, and `the` floors')).toBe('the-story-and-the-floors');
    expect(fault('README.md', 'no/such/file.md')).toBe('README.md: no/such/file.md is not there');
  });

  it('give every npm script a line in CONTRIBUTING.md', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const contributing = read('CONTRIBUTING.md');
    const told = (name: string) => new RegExp(`^\\| \`npm (run )?${name}\\b`, 'm').test(contributing);
    expect(scripts.filter((name) => !told(name))).toEqual([]);
  });

  it('give every chapter of docs/ a line in its index', () => {
    const chapters = filesIn('docs').filter((path) => path.endsWith('.md') && path !== 'docs/README.md');
    const index = relativeLinks(read('docs/README.md'));
    expect(chapters.filter((path) => !index.includes(posix.relative('docs', path)))).toEqual([]);
  });
});
