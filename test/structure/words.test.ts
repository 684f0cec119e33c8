import { describe, expect, it } from 'vitest';
import { filesIn, read } from './sources.ts';

const caution = 'Research use, not a medical device';

describe('the caution "Research use, not a medical device"', () => {
  it.each(['README.md', 'NOTICE', 'SECURITY.md'])('stands in %s', (path) => {
    expect(read(path)).toContain(caution);
  });

  it('stands in the report', () => {
    const report = filesIn('src/report').filter((path) => read(path).includes(caution));
    expect(report).not.toEqual([]);
  });
});

describe('the version', () => {
  it('of package.json has a section in CHANGELOG.md', () => {
    const { version } = JSON.parse(read('package.json'));
    expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## ${version.replaceAll('.', '\\.')}\\b`, 'm'));
  });
});

describe('shipped data', () => {
  it('state their source and their licence, also in NOTICE', () => {
    const sets = [...new Set(filesIn('data').map((path) => path.split('/')[1]))];
    expect(sets).toContain('tcga-acc');
    for (const set of sets) {
      expect(read(`data/${set}/README.md`)).toMatch(/^## Source and licence$/m);
      expect(read('NOTICE')).toContain(`data/${set}`);
    }
  });
});
