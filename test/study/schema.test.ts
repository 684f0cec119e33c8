import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseStudy } from '../../src/study/parse.ts';
import { studyJsonSchema } from '../../src/study/schema.ts';
import { filesIn, read } from '../structure/sources.ts';

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
}

describe('the published schema', () => {
  const published = readFileSync(new URL('../../schema/study.schema.json', import.meta.url), 'utf8');

  it('is what the code says (else: npm run build, then node scripts/write-schema.mjs)', () => {
    expect(published).toBe(`${JSON.stringify(studyJsonSchema(), null, 2)}\n`);
  });

  it('refuses options that it does not know, and says what each does', () => {
    const { properties = {}, additionalProperties } = JSON.parse(published) as Node;
    expect(additionalProperties).toBe(false);
    const mute = Object.entries(properties).filter(([name, { description }]) => name !== 'kind' && !description);
    expect(mute).toEqual([]);
  });
});

it('every study that comes with the package is accepted', () => {
  const studies = [...filesIn('data'), ...filesIn('bench/studies')].filter((path) => path.endsWith('.yaml'));
  expect(studies).toContain('data/tcga-acc/study.yaml');
  for (const path of studies) expect(() => parseStudy(read(path), path)).not.toThrow();
});
