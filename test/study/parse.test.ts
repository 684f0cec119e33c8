import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { harmonizers } from '../../src/harmonize/prepare.ts';
import { parseStudy } from '../../src/study/parse.ts';

const steps = Object.keys(harmonizers).join(', ');

const least = 'target: labels.csv\nmodalities:\n  rna: rna.csv\n';

function refusal(text: string): string {
  try {
    parseStudy(text, 'study.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('accepted');
}

describe('a study', () => {
  it('needs no more than files', () => {
    expect(parseStudy(least, 'study.yaml')).toEqual({ target: 'labels.csv', modalities: { rna: 'rna.csv' } });
  });

  it('may begin with a byte order mark, and end its lines as on Windows', () => {
    expect(parseStudy(`\uFEFF${least.replaceAll('\n', '\r\n')}`, 'study.yaml')).toEqual(
      parseStudy(least, 'study.yaml'),
    );
  });

  it('may be JSON, which is YAML', () => {
    const study = { target: { file: 'labels.csv', event: 1 }, modalities: { rna: 'rna.csv' }, seed: 3 };
    expect(parseStudy(JSON.stringify(study), 'study.json')).toEqual(study);
  });

  it('keeps yes and no as words, since classes are often named so', () => {
    const { target } = parseStudy(
      'target: { file: a.csv, classes: [no, yes] }\nmodalities: { rna: b.csv }',
      'study.yaml',
    );
    expect(target).toEqual({ file: 'a.csv', classes: ['no', 'yes'] });
  });

  it('may use anchors, but no tower of them', () => {
    const shared = 'target: labels.csv\nmodalities:\n  a: &a { file: a.csv, scale: ratio }\n  b: *a\n';
    expect(parseStudy(shared, 'study.yaml').modalities.b).toEqual({ file: 'a.csv', scale: 'ratio' });
    const tower = Array.from({ length: 9 }, (_, i) => `x${i}: &x${i} [${i ? `*x${i - 1}, `.repeat(9) : ''}1]`);
    expect(refusal(tower.join('\n'))).toMatch(/^study\.yaml: not valid YAML: Excessive alias count/);
  });

  it.each([
    [
      'modalites: { rna: rna.csv }\ntarget: a.csv',
      'study.yaml:1:1: modalites: unknown option, did you mean "modalities"?',
    ],
    ['modalities: { rna: rna.csv }\ntaget: a.csv', 'study.yaml:2:1: taget: unknown option, did you mean "target"?'],
    [
      'target: a.csv\nmodalities:\n  rna: { fle: a.csv }',
      'study.yaml:3:10: modalities.rna.fle: unknown option, did you mean "file"?',
    ],
    [
      'target: { fil: a.csv }\nmodalities: { rna: a.csv }',
      'study.yaml:1:11: target.fil: unknown option, did you mean "file"?',
    ],
    ['seed: 3\nmodalities: { rna: rna.csv }', 'study.yaml:1:1: target: missing'],
  ])('with a required key in another spelling is refused for that, not for the lack: %j', (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it.each([
    [
      'modalities.rna',
      '  rna: { file: rna.csv, prepare: [log1p, { kind: impute, options: { indicatorsFrom: 0.1 } }] }',
    ],
    ['sampling', '  rna: { file: rna.csv, sampling: { kind: regular, intervalSeconds: 300 } }'],
    ['columns', '  rna: { file: rna.csv, columns: { stage: { scale: ordinal, order: [1, 2, 3] } } }'],
    ['parts', '  rna: { file: { train: a.csv, test: b.csv }, separator: tab }'],
  ])('accepts %s', (_, line) => {
    expect(() => parseStudy(`target: labels.csv\nmodalities:\n${line}\n`, 'study.yaml')).not.toThrow();
  });
});

describe('YAML that does not parse is refused with line and column', () => {
  it.each([
    [
      'an open bracket',
      'target: labels.csv\nmodalities: [rna: rna.csv\nseed: 3\n',
      'study.yaml:3:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a key too far to the right',
      'target: labels.csv\n  modalities:\n    rna: rna.csv\n',
      'study.yaml:1:9: not valid YAML: Nested mappings are not allowed in compact mappings',
    ],
    [
      'a tab',
      'target: labels.csv\nmodalities:\n\trna: rna.csv\n',
      'study.yaml:3:1: not valid YAML: Tabs are not allowed as indentation',
    ],
    ['a key twice', `${least}target: other.csv\n`, 'study.yaml:4:1: not valid YAML: Map keys must be unique'],
    ['a second document', `${least}---\nseed: 3\n`, 'study.yaml:4:1: not valid YAML: a second document begins here'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(message);
  });
});

describe('what is no study is refused', () => {
  it.each([
    ['an empty file', '', 'nothing'],
    ['a list', '- a\n- b\n', 'a list'],
    ['a word', 'labels.csv', 'a string'],
  ])('%s', (_, text, got) => {
    expect(refusal(text)).toBe(
      `study.yaml:1:1: not a study, expected a map with "modalities" and "target", got ${got}`,
    );
  });

  it('another kind of file', () => {
    expect(refusal(`kind: comparison\n${least}`)).toBe(
      'study.yaml:1:1: kind: unknown value "comparison", expected one of study',
    );
  });

  it('one from a newer version, before anything in it is judged', () => {
    expect(refusal('version: 2\nsomething: new\n')).toBe(
      'study.yaml:1:1: version: the study was written for a newer consilience, expected at most 1, got 2',
    );
  });
});

describe('an option is refused with its place', () => {
  it.each([
    [
      'that is not known, with the one that was meant',
      'protocl: { folds: 3 }',
      /^study\.yaml:4:1: protocl: unknown option, did you mean "protocol"\?, expected one of kind, version, name, .*, got "protocl"$/,
    ],
    [
      'that is not known and like none',
      'zzz: 3',
      /^study\.yaml:4:1: zzz: unknown option, expected one of kind, version, name, .*, got "zzz"$/,
    ],
    [
      'deep inside',
      'protocol:\n  folds: 3\n  repeat: 2',
      /^study\.yaml:6:3: protocol\.repeat: unknown option, did you mean "repeats"\?, expected one of kind, folds, .*, got "repeat"$/,
    ],
    [
      'whose value is none of a list',
      'protocol: { metric: auc }',
      /^study\.yaml:4:13: protocol\.metric: unknown value "auc", did you mean "auroc"\?, expected one of auroc, /,
    ],
    [
      'whose value is of another kind',
      'protocol: { folds: three }',
      /^study\.yaml:4:13: protocol\.folds: unusable, expected a number, got "three"$/,
    ],
    [
      'whose value is a fraction',
      'protocol: { folds: 2.5 }',
      /^study\.yaml:4:13: protocol\.folds: unusable, expected a whole number, got 2\.5$/,
    ],
    [
      'whose value is too small',
      'protocol: { folds: 1 }',
      /^study\.yaml:4:13: protocol\.folds: unusable, expected at least 2, got 1$/,
    ],
    [
      'whose value must stay above a bound',
      'protocol: { testShare: 0 }',
      /^study\.yaml:4:13: protocol\.testShare: unusable, expected more than 0, got 0$/,
    ],
    ['that is empty', 'protocol:', /^study\.yaml:4:1: protocol: unusable, expected a map, got nothing$/],
    [
      'that is an empty list',
      'strategies: []',
      /^study\.yaml:4:1: strategies: unusable, expected at least 1 entry, got \[\]$/,
    ],
    [
      'that is an unknown strategy',
      'strategies:\n  - single\n  - late:means',
      /^study\.yaml:6:5: strategies\.1: unknown value "late:means", did you mean "late:mean"\?, expected one of single, /,
    ],
  ])('%s', (_, more, message) => {
    expect(refusal(`${least}${more}\n`)).toMatch(message);
  });

  it.each([
    ['a number for a file', '3', 'modalities.rna: unusable, expected a file name or a map, got 3'],
    ['a list for a file', '[rna.csv]', 'modalities.rna: unusable, expected a file name or a map, got ["rna.csv"]'],
    ['no file', '{ scale: ratio }', 'modalities.rna.file: missing, expected a file name or a map'],
  ])('of a modality: %s', (_, given, message) => {
    expect(refusal(`target: labels.csv\nmodalities:\n  rna: ${given}\n`)).toBe(`study.yaml:3:3: ${message}`);
  });

  it.each([
    [
      'an unknown step',
      'imput',
      `modalities.rna.prepare.0: unknown value "imput", did you mean "impute"?, expected one of ${steps}`,
    ],
    [
      'an unknown kind',
      '{ kind: imput }',
      `modalities.rna.prepare.0.kind: unknown value "imput", did you mean "impute"?, expected one of ${steps}`,
    ],
    [
      'an option that belongs to another step',
      '{ kind: impute, options: { above: 0 } }',
      'modalities.rna.prepare.0.options.above: unknown option, expected one of indicatorsFrom, got "above"',
    ],
    [
      'an option out of its range',
      '{ kind: impute, options: { indicatorsFrom: 7 } }',
      'modalities.rna.prepare.0.options.indicatorsFrom: unusable, expected at most 1, got 7',
    ],
  ])('of a preparation: %s', (_, step, message) => {
    expect(refusal(`target: labels.csv\nmodalities:\n  rna: { file: rna.csv, prepare: [${step}] }\n`)).toMatch(
      new RegExp(`^study\\.yaml:3:\\d+: ${message.replace(/[.?()]/g, '\\$&')}$`),
    );
  });

  it('that is missing, with what it should be', () => {
    expect(refusal('modalities:\n  rna: rna.csv\n')).toBe(
      'study.yaml:1:1: target: missing, expected a file name or a map',
    );
    expect(refusal('target: labels.csv\n')).toBe('study.yaml:1:1: modalities: missing, expected a map');
  });
});
