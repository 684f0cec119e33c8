/** The chapters of `docs/`: their code runs, and they leave out no option, no field and no warning of the sources. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStudy, studyJsonSchema } from '../src/browser.ts';
import { filesIn, read, root, sources } from './structure/sources.ts';

interface Block {
  readonly chapter: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The `text` block that follows, as what the code prints; empty where none does. */
  readonly prints: string;
}

const chapters = filesIn('docs').filter((path) => path.endsWith('.md') && path !== 'docs/README.md');

function blocksOf(chapter: string, markdown: string): Block[] {
  const fences = /^```(\w*)\n([\s\S]*?)^```$(?:\n+```text\n([\s\S]*?)^```$)?/gm;
  return [...markdown.matchAll(fences)].map(({ index, 1: language, 2: text, 3: prints = '' }) => {
    const line = markdown.slice(0, index).split('\n').length;
    return { chapter, line, language, text, prints };
  });
}

/** What stands in backticks in the prose of a page, whole and taken apart at punctuation. */
function named(markdown: string): Set<string> {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);
  return new Set(spans.flatMap((span) => [span, ...span.split(/[^\w:-]+|:(?= |$)/)]));
}

const blocks = chapters.flatMap((chapter) => blocksOf(chapter, read(chapter)));
const inLanguage = (language: string) =>
  blocks
    .filter((block) => block.language === language)
    .map((block) => [`${block.chapter}:${block.line}`, block] as const);

const node = async (args: readonly string[], cwd: string) =>
  (await promisify(execFile)(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: '1' } })).stdout;

describe('code blocks', () => {
  let folder: string; // below dist/, so that `consilience` means this package and git sees nothing
  beforeAll(() => {
    folder = mkdtempSync(join(root, 'dist', 'docs-'));
    cpSync(join(root, 'data'), join(folder, 'data'), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are read with the output that follows them', () => {
    const page = 'a\n\n```js\nx\n```\n\n```text\n1\n```\n\n```yaml\ny\n```\n';
    expect(blocksOf('page', page)).toEqual([
      { chapter: 'page', line: 3, language: 'js', text: 'x\n', prints: '1\n' },
      { chapter: 'page', line: 11, language: 'yaml', text: 'y\n', prints: '' },
    ]);
  });

  it('are in a language that is checked here, or only shown', () => {
    const known = ['js', 'yaml', 'sh', 'ts', 'text', 'math'];
    expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([]);
  });

  it.each(inLanguage('js'))('run and print what the page says: %s', async (place, { text, prints }) => {
    const file = join(folder, `${place.replace(/\W/g, '-')}.mjs`);
    writeFileSync(file, text);
    const printed = await node([file], folder);
    expect(printed).toBe(prints);
    expect(printed).not.toBe('');
  });

  it.each(inLanguage('yaml'))('in YAML are studies: %s', (place, { text }) => {
    expect(() => parseStudy(text, place)).not.toThrow();
  });

  it('of the command line use commands and options that are there', async () => {
    const offers = await commandLine();
    const lines = inLanguage('sh').flatMap(([place, { text }]) =>
      text.split('\n').map((line) => [place, line] as const),
    );
    const used = lines.filter(([, line]) => line.trim() !== '');
    expect(used.flatMap(([place, line]) => faultsOf(line, offers).map((fault) => `${place}: ${fault}`))).toEqual([]);
    expect(used).not.toEqual([]);
  });

  it('of the command line are refused where something is not there', () => {
    const offers = new Map([
      ['compare', ['--out', '-o']],
      ['image view', ['--as']],
    ]);
    expect(faultsOf('npx consilience compare x.yaml -o y # z', offers)).toEqual([]);
    expect(faultsOf('npx consilience comparee x.yaml', offers)).toEqual(['no command comparee']);
    expect(faultsOf('npx consilience compare x.yaml --outt y', offers)).toEqual(['no option --outt of compare']);
    expect(faultsOf('npx consilience image view x.nii --as montage', offers)).toEqual([]);
    expect(faultsOf('npx consilience image view x.nii --ass', offers)).toEqual(['no option --ass of image view']);
    expect(faultsOf('npx consilience image vieww x.nii', offers)).toEqual(['no command image']);
    expect(faultsOf('npm run nothing', offers)).toEqual(['no script nothing']);
    expect(faultsOf('rm x', offers)).toEqual(['not checked: rm x']);
  });
});

/** Command -> its options, as `--help` tells them. */
async function commandLine(): Promise<Map<string, string[]>> {
  const main = join(root, 'dist/cli/main.js');
  const optionsIn = (help: string) => [...help.matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)/gm)].flatMap(([, s, l]) => [s, l]);
  const commandsIn = (help: string) => [...help.matchAll(/^ {2}(\w+) (?:\[options\]|<)/gm)].map(([, c]) => c);
  const commands = commandsIn(await node([main, '--help'], root));
  const inGroups = await Promise.all(
    ['image', 'stream'].map(async (group) =>
      commandsIn(await node([main, group, '--help'], root)).map((command) => `${group} ${command}`),
    ),
  );
  const entries = [...commands, ...inGroups.flat()].map(async (command): Promise<[string, string[]]> => {
    const help = await node([main, ...command.split(' '), '--help'], root);
    return [command, optionsIn(help).filter((option) => option !== undefined)];
  });
  return new Map(await Promise.all(entries));
}

function faultsOf(line: string, offers: ReadonlyMap<string, readonly string[]>): string[] {
  const [first, second, third, ...rest] = line
    .replace(/\s#.*$/, '')
    .trim()
    .split(/\s+/);
  if (first === 'npm' && second === 'run') {
    return third in JSON.parse(read('package.json')).scripts ? [] : [`no script ${third}`];
  }
  if (first !== 'npx' || second !== 'consilience') return [`not checked: ${line}`];
  const command = offers.has(`${third} ${rest[0]}`) ? `${third} ${rest[0]}` : third;
  const options = offers.get(command);
  if (!options) return [`no command ${command}`];
  const given = rest.filter((word) => /^--?[a-z]/.test(word));
  return given.filter((word) => !options.includes(word)).map((word) => `no option ${word} of ${command}`);
}

const publicOptions = [...`${read('src/browser.ts')}${read('src/index.ts')}`.matchAll(/\btype (\w+Options)\b/g)].map(
  ([, name]) => name,
);

describe('the chapters', () => {
  it('have code that is run, a study, or a command each', () => {
    const checked = new Set(
      blocks.filter(({ language }) => ['js', 'yaml', 'sh'].includes(language)).map(({ chapter }) => chapter),
    );
    expect(chapters.filter((chapter) => chapter !== 'docs/axes.md' && !checked.has(chapter))).toEqual([]);
  });

  it('cover every folder of src, as the index says', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const index = named(read('docs/README.md'));
    expect(folders.map(({ name }) => `src/${name}`).filter((folder) => !index.has(folder))).toEqual([]);
  });

  it.each(chapters.filter((chapter) => existsSync(join(root, chapter.replace(/^docs\/(.*)\.md$/, 'src/$1')))))(
    'name every option of their folder: %s',
    (chapter) => {
      const known = named(read(chapter));
      const options = filesIn(chapter.replace(/^docs\/(.*)\.md$/, 'src/$1')).flatMap((path) =>
        publicOptions.flatMap((name) =>
          fieldsOf(read(path), new RegExp(`\\bexport interface ${name}\\b[^{]*\\{([\\s\\S]*?)^\\}`, 'gm')),
        ),
      );
      expect(options.filter((option) => !known.has(option))).toEqual([]);
    },
  );

  it('name every code of a warning', () => {
    const known = named(chapters.map(read).join('\n'));
    const codes = sources().flatMap((path) => [...read(path).matchAll(/\bcode: '([a-z-]+)'/g)].map(([, code]) => code));
    expect(codes).toContain('few-events');
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
  });

  it('name every command and every option of the command line', async () => {
    const known = named(read('docs/command-line.md'));
    const offers = [...(await commandLine())].flatMap(([command, options]) => [...command.split(' '), ...options]);
    expect(offers).toContain('compare');
    expect(offers).toContain('resample');
    expect(offers.filter((word) => word !== '-h' && word !== '--help' && !known.has(word))).toEqual([]);
  });
});

/** Names of the fields, at any depth, of the interfaces and types that a pattern finds. */
function fieldsOf(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].flatMap(([, body]) =>
    [...body.matchAll(/\breadonly (\w+)\??:/g)].map(([, name]) => name),
  );
}

describe('docs/evaluate.md', () => {
  const known = named(read('docs/evaluate.md'));

  it('names every field of results.json', () => {
    const fields = fieldsOf(read('src/evaluate/comparison.ts'), /\bexport interface \w+ \{([\s\S]*?)^\}/gm);
    expect(fields).toContain('smallestDetectable');
    expect(fields.filter((field) => !known.has(field))).toEqual([]);
  });

  it('names every finding, method and role', () => {
    const [, ...words] = read('src/evaluate/comparison.ts').split(/Finding =|method:|role:/);
    const choices = words.flatMap((text) => [...text.split(';')[0].matchAll(/'([\w-]+)'/g)].map(([, word]) => word));
    expect(choices).toContain('cannot-tell');
    expect(choices.filter((word) => !known.has(word))).toEqual([]);
  });
});

describe('docs/inspect.md', () => {
  const known = named(read('docs/inspect.md'));

  it('names every field of inspection.json', () => {
    const fields = fieldsOf(
      read('src/inspect/inspection.ts'),
      /\bexport interface \w+(?: extends \w+)? \{([\s\S]*?)^\}/gm,
    );
    expect(fields).toContain('tippingDelta');
    expect(fields.filter((field) => !known.has(field))).toEqual([]);
  });

  it('names every warning of an inspection', () => {
    const source = `${read('src/inspect/notes.ts')}${read('src/study/inspect-study.node.ts')}`;
    const codes = [...source.matchAll(/\bcode:[^\n]*/g)].flatMap(([line]) =>
      [...line.matchAll(/'([a-z]+-[\w-]+)'/g)].map(([, code]) => code),
    );
    expect(codes).toContain('missingness-by-group');
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
  });
});

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly [keyword: string]: unknown;
}

describe('docs/study.md', () => {
  const known = named(read('docs/study.md'));
  const keys = new Set<string>();
  const values = new Set<string>();
  const walk = (schema: Schema): void => {
    for (const name of Object.keys(schema.properties ?? {})) keys.add(name);
    for (const value of [...(schema.enum ?? []), schema.const]) {
      if (typeof value === 'string' && /^[\w:-]+$/.test(value)) values.add(value);
    }
    for (const inner of Object.values(schema)) {
      if (inner !== null && typeof inner === 'object') walk(inner as Schema);
    }
  };
  walk(studyJsonSchema() as Schema);

  it('names every key of a study', () => {
    expect([...keys]).toContain('testShare');
    expect([...keys].filter((key) => !known.has(key))).toEqual([]);
  });

  it('names every value that a key may have', () => {
    expect([...values]).toContain('late:stacked');
    expect([...values].filter((value) => !known.has(value))).toEqual([]);
  });
});
