import { describe, expect, it } from 'vitest';
import { read, root } from './sources.ts';

interface Exports {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** What a door lists by name, values and types apart. The Node door passes on the whole browser door. */
function exportsOf(door: string): Exports {
  const code = read(door)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '');
  const passedOn = code.includes("export * from './browser.ts'")
    ? exportsOf('src/browser.ts')
    : { values: [], types: [] };
  const values = [...passedOn.values];
  const types = [...passedOn.types];
  for (const [, allTypes, list] of code.matchAll(/\bexport\s+(type\s+)?\{([^}]*)\}/g)) {
    for (const item of list.split(',').map((text) => text.trim())) {
      if (item === '') continue;
      const isType = allTypes !== undefined || /^type\s/.test(item);
      (isType ? types : values).push(item.replace(/^type\s+/, '').replace(/^.*\sas\s+/, ''));
    }
  }
  return { values: values.sort(), types: types.sort() };
}

/** A change of these lists is a change of the public interface: update the snapshot (`-u`) and say so in CHANGELOG.md. */
describe.each(['index', 'browser', 'predict'])('the public door src/%s.ts', (name) => {
  const source = read(`src/${name}.ts`);
  const { values, types } = exportsOf(`src/${name}.ts`);

  it('is one explicit list', () => {
    expect(source.replace("export * from './browser.ts';", '')).not.toMatch(/export\s+\*/);
    expect(source).not.toMatch(/export\s+(default|const|let|function|class|async|interface|enum)\b/);
    expect(source).not.toMatch(/export\s+type\s+\w/);
  });

  it('exports the values that it names', async () => {
    const door: Record<string, unknown> = await import(`${root}src/${name}.ts`);
    expect(Object.keys(door).sort()).toEqual(values);
  });

  it('names nothing twice', () => {
    const all = [...values, ...types];
    expect(all.filter((item, i) => all.indexOf(item) !== i)).toEqual([]);
  });

  it('is what the snapshot says', async () => {
    const listed = [...values.map((value) => `value ${value}`), ...types.map((type) => `type ${type}`)];
    await expect(`${listed.join('\n')}\n`).toMatchFileSnapshot(`door/${name}.txt`);
  });
});
