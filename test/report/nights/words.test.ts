import { describe, expect, it } from 'vitest';
import { caughtSentence } from '../../../src/report/nights/words.ts';

const said = (value: number | null, low: number | null, high: number | null) =>
  caughtSentence('this', 'that', { value, low, high });

describe('the sentence on events caught', () => {
  it('claims a difference only where its interval leaves 0 out', () => {
    expect(said(0.1, 0.05, 0.2)).toBe('this caught more events than that: +.100 (+.050 to +.200).');
    expect(said(-0.1, -0.2, -0.05)).toBe('this caught fewer events than that: −.100 (−.200 to −.050).');
    expect(said(0.1, 0, 0.2)).toMatch(/^whether this catches more events than that cannot be told/);
    expect(said(0.1, null, null)).toMatch(/^whether this catches more events than that cannot be told/);
  });

  it('says that there is none where all draws say so', () => {
    expect(said(0, null, null)).toBe('this caught as many events as that.');
    expect(said(0, -0.1, 0.1)).toMatch(/^whether/);
  });
});
