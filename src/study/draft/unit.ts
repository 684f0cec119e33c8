/** Units that a column's name spells, such as `BUN.mg.dL.`, `weight (kg)`, `age_years`. Nothing is guessed. */
const amounts = new Set([
  'g',
  'mg',
  'ug',
  'ng',
  'pg',
  'mol',
  'mmol',
  'umol',
  'nmol',
  'pmol',
  'IU',
  'mIU',
  'U',
  'mU',
  'mEq',
]);
const volumes = new Set(['L', 'l', 'dL', 'dl', 'mL', 'ml', 'uL', 'kg', 'min', 'h']);
const alone = new Set([
  ...[
    'years',
    'months',
    'weeks',
    'days',
    'hours',
    'minutes',
    'kg',
    'cm',
    'mm',
    'mmHg',
    'bpm',
    'percent',
    'HU',
    'ms',
    'kPa',
  ],
  ...['mg', 'IU'],
]);

export function unitIn(name: string): string | undefined {
  const words = name.split(/[^\p{L}\p{N}%]+/u).filter((word) => word !== '');
  if (words.length < 2) return undefined;
  const last = words[words.length - 1];
  const before = words[words.length - 2];
  if (words.length > 2 && volumes.has(last) && amounts.has(before)) return `${before}/${last}`;
  return alone.has(last) ? last : undefined;
}
