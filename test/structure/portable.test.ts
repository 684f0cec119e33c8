import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { read, repositoryFiles, root } from './sources.ts';

const files = repositoryFiles();
const text = files.filter((path) => !read(path).slice(0, 8192).includes('\0'));
const isFixture = (path: string) => /(^|\/)fixtures\//.test(path);

/** An absolute path into somebody's machine; `https://host/home/...` is none. */
const machinePath = new RegExp(
  `(?<![\\w.:/~})-])/(?:${['work', 'home', 'root', 'Users', 'tmp'].join('|')})/\\w|\\b[A-Z]:\\\\+Users`,
);

/** What needs a shell beyond `a && b`, which both `sh` and `cmd` know. */
const shellSyntax = /[|;<>$`'"*?~(){}\\%]|(?<!&)&(?!&)|^\s*\w+=/;

describe('every file', () => {
  it('names no path of one machine', () => {
    expect(text.filter((path) => machinePath.test(read(path)))).toEqual([]);
    expect(`cat ${['', 'home', 'ada', 'x.csv'].join('/')}`).toMatch(machinePath);
    expect('https://example.org/home/ada and ./home/ada').not.toMatch(machinePath);
  });

  it('ends its lines with LF', () => {
    expect(text.filter((path) => !isFixture(path) && read(path).includes('\r'))).toEqual([]);
  });

  it('is checked out with LF, fixtures as they are', () => {
    expect(read('.gitattributes')).toMatch(/^\* text=auto eol=lf$/m);
    const kept = text.filter((path) => isFixture(path) && read(path).includes('\r'));
    if (kept.length === 0) return;
    const attributes = execFileSync('git', ['check-attr', 'text', '--', ...kept], { cwd: root, encoding: 'utf8' });
    expect(attributes.split('\n').filter((line) => line !== '' && !line.endsWith(': unset'))).toEqual([]);
  });

  it('has a name that differs from all others in more than case', () => {
    const names = files.map((path) => path.toLowerCase());
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe('package.json', () => {
  const { scripts, dependencies, devDependencies } = JSON.parse(read('package.json'));

  it('has scripts that need no shell', () => {
    expect(Object.values<string>(scripts).filter((script) => shellSyntax.test(script))).toEqual([]);
    for (const bad of ['A=1 node x', 'rm -r dist; tsc', 'a | b', 'echo "x"', 'a & b']) expect(bad).toMatch(shellSyntax);
  });

  it('has caret ranges for what ships and exact versions for what does not', () => {
    expect(Object.values<string>(dependencies).filter((range) => !/^\^\d/.test(range))).toEqual([]);
    expect(Object.values<string>(devDependencies).filter((range) => !/^\d/.test(range))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  const packages: Record<string, { version: string; resolved?: string; integrity?: string }> = JSON.parse(
    read('package-lock.json'),
  ).packages;
  const locked = Object.entries(packages).filter(([path]) => path !== '');

  it('names no registry but the public one, nor does .npmrc', () => {
    const resolved = locked.map(([, { resolved }]) => resolved).filter((url) => url !== undefined);
    expect(resolved.filter((url) => !url.startsWith('https://registry.npmjs.org/'))).toEqual([]);
    expect(read('.npmrc')).not.toMatch(/registry|\/\//);
  });

  it('holds a checksum of every package', () => {
    expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  });
});
