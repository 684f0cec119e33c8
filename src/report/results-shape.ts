/**
 * What a report needs of `results.json`, which may have been edited. Figures may be null: so JSON writes what is not
 * finite. Fields that later releases added may be absent, and those that they will add are let through.
 */
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { metrics } from '../score/metric.ts';

const figure = z.number().nullable();
const names = z.array(z.string());
const numbers = z.array(z.number());
const interval = z.looseObject({ estimate: figure, low: figure, high: figure });
const estimate = z.looseObject({ value: figure, low: figure, high: figure, folds: z.number(), undefinedFolds: names });
const estimates = z.record(z.string(), estimate);
const cell = z.looseObject({ present: names, n: z.number(), classCounts: numbers, metrics: estimates });
const paired = z.looseObject({
  against: z.string(),
  metric: z.enum(metrics),
  difference: figure,
  low: figure,
  high: figure,
  p: figure,
  pHolm: figure,
  method: z.string(),
  n: z.number(),
  smallestDetectable: figure,
  finding: z.string(),
});
const accuracy = z.looseObject({ n: z.number(), correct: z.number(), accuracy: interval.nullable() });
const agreement = z.looseObject({
  unanimous: accuracy,
  divided: accuracy,
  contradictions: z.array(
    z.looseObject({ pair: names, n: z.number(), differ: z.number(), bothSure: z.number(), right: numbers }),
  ),
});
const coverageCell = z.looseObject({
  present: names.nullable(),
  n: z.number(),
  coverage: interval,
  meanSize: figure,
  infinite: z.number(),
});
const curvePoint = z.looseObject({
  timeDays: z.number(),
  atRisk: z.number(),
  survival: figure,
  low: figure,
  high: figure,
});
const riskGroup = z.looseObject({
  name: z.enum(['low', 'middle', 'high']),
  n: z.number(),
  events: z.number(),
  curve: z.array(curvePoint),
});

const place = z.number().int().nonnegative(); // of a token among `tokens`
const conversation = z.looseObject({
  n: z.number(),
  modalities: names,
  between: z.array(z.looseObject({ modality: z.string(), n: z.number(), asked: z.array(interval.nullable()) })),
  rollout: z.array(z.array(figure)),
  tokens: z.array(
    z.looseObject({
      modality: z.string(),
      name: z.string(),
      learned: z.number().optional(),
      askedFor: figure,
      even: figure,
      n: z.number(),
      folds: z.number(),
    }),
  ),
  attention: z.looseObject({ tokens: z.array(place), mean: z.array(z.array(figure)) }),
  faithfulness: z.looseObject({
    hidden: z.number(),
    n: z.number(),
    most: figure,
    random: figure,
    difference: figure,
    low: figure,
    high: figure,
    p: figure,
    finding: z.string(),
    sentence: z.string(),
  }),
  subjects: z.array(
    z.looseObject({
      subject: z.string(),
      asked: numbers,
      tokens: z.array(place),
      askedFor: numbers,
      most: figure,
      random: figure,
    }),
  ),
});

const histogram = z.looseObject({ low: z.number(), high: z.number(), shares: numbers.min(1) });
const image = z.looseObject({
  size: numbers,
  spacingMm: numbers,
  channels: z.number(),
  mean: z
    .looseObject({
      png: z.string().regex(/^[A-Za-z0-9+/=]*$/, 'a picture in base64'),
      width: z.number(),
      height: z.number(),
      subjects: z.number(),
      placed: z.boolean(),
    })
    .optional(),
  values: histogram.optional(),
  prepared: histogram.extend({ subjects: z.number() }).optional(),
});

const moved = z.looseObject({ before: figure, after: figure });
const imageRelation = z.looseObject({
  modalities: z.tuple([z.string(), z.string()]),
  groups: z
    .array(
      z.looseObject({
        name: z.string(),
        subjects: z.number(),
        mutualInformation: moved.extend({ unrelated: figure, p: figure }),
        rankCorrelation: moved,
        copulaDistance: figure,
      }),
    )
    .min(1),
  words: names,
});

const strategy = z.looseObject({
  name: z.string(),
  modalities: names,
  role: z.enum(['single', 'best-single', 'fusion']),
  n: z.number(),
  metrics: estimates,
  wherePresent: cell,
  missing: z.array(cell),
  natural: z.array(cell),
  paired: paired.optional(),
  pairedWherePresent: paired.optional(),
  pairedInHindsight: paired.optional(),
  pairedOther: z.array(paired).optional(),
  calibration: z.array(
    z.looseObject({ low: figure, high: figure, meanPredicted: figure, observed: figure, n: z.number() }),
  ),
  roc: z.array(z.looseObject({ falsePositiveRate: figure, truePositiveRate: figure })),
  drivers: z.array(z.looseObject({ modality: z.string(), decisions: z.number(), against: z.number() })).optional(),
  agreement: agreement.optional(),
  independenceMeans: names.optional(),
  reliability: z.looseObject({ slope: interval.nullable(), intercept: interval.nullable(), error: figure }).optional(),
  decisionCurve: z.array(z.looseObject({ threshold: z.number(), model: figure, all: figure })).optional(),
  conformal: z.looseObject({ level: z.number(), cells: z.array(coverageCell) }).optional(),
  abstention: z
    .looseObject({ area: figure, curve: z.array(z.looseObject({ answered: figure, errorRate: figure })) })
    .optional(),
  survivalByRisk: z.array(riskGroup).optional(),
  contributions: z.array(z.looseObject({ modality: z.string(), meanAbsolute: figure })),
  conversation: conversation.optional(),
  latencyMs: z.looseObject({ fit: figure, predict: figure }),
  notes: names,
});

const comparison = z.looseObject({
  study: z.looseObject({
    name: z.string(),
    title: z.string(),
    description: z.string().optional(),
    source: z.string().optional(),
    subjects: z.number(),
    modalities: z.array(
      z.looseObject({
        name: z.string(),
        features: z.number(),
        subjects: z.number(),
        unit: z.string().optional(),
        scales: z.record(z.string(), z.number()),
        noise: z.string(),
        constraint: z.string(),
        missingShare: figure,
        preparation: z.string(),
        image: image.optional(),
      }),
    ),
    imageRelations: z.array(imageRelation).optional(),
    target: z.looseObject({
      kind: z.enum(['classes', 'survival', 'value']).optional(),
      name: z.string(),
      unit: z.string().optional(),
      classes: names,
      classCounts: numbers,
    }),
    patterns: z.array(z.looseObject({ present: names, n: z.number(), classCounts: numbers })),
  }),
  protocol: z.looseObject({
    kind: z.enum(['cross-validation', 'holdout', 'leave-one-group-out', 'given']),
    folds: z.number(),
    repeats: z.number(),
    testShare: z.number().optional(),
    inner: z.number(),
    grouped: z.boolean(),
    metric: z.enum(metrics),
    margin: z.number(),
    level: z.number(),
    words: names,
  }),
  seed: z.number(),
  strategies: z.array(strategy).min(1),
  independence: z.looseObject({ strategy: z.string(), pairs: z.array(z.looseObject({})), words: names }).optional(),
  verdict: z.looseObject({ finding: z.string(), strategy: z.string().nullable(), sentence: z.string() }),
  warnings: z.array(z.looseObject({ code: z.string(), message: z.string() })),
  environment: z.record(z.string(), z.string()),
});

/** @throws InputError that names the first field which is not what a comparison has there */
export function checkResults(value: unknown, path: string): void {
  const { error } = comparison.safeParse(value);
  if (!error) return;
  const [issue] = error.issues;
  const where = `${path}: ${issue.path.join('.')}`;
  const found = issue.path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown>)[step], value);
  const expected = expectation(issue);
  if (found === undefined) throw new InputError({ where, what: 'missing from the comparison', expected });
  const got = JSON.stringify(found).slice(0, 60);
  throw new InputError({ where, what: 'not what a comparison has there', expected, got });
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code !== 'invalid_type') return issue.message;
  return words[issue.expected] ?? issue.expected;
}

const words: { readonly [kind: string]: string } = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
