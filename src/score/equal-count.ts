import { InputError } from '../errors.ts';

/**
 * Subjects in `groups` groups of nearly equal size by ascending value. Equal values stay together (in the lower group), so
 * that the order of subjects does not matter; groups that this leaves empty are not listed.
 *
 * @throws InputError where `groups` is not a whole number above 0
 */
export function equalCountGroups(values: ArrayLike<number>, groups: number): readonly Int32Array[] {
  if (!(Number.isInteger(groups) && groups > 0)) {
    throw new InputError({
      where: 'equalCountGroups: groups',
      what: 'not a number of groups',
      expected: 'a whole number above 0',
      got: String(groups),
    });
  }
  const order = Int32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j] || i - j);
  const found: Int32Array[] = [];
  let begin = 0;
  for (let g = 1; g <= groups; g++) {
    let end = Math.max(begin, Math.round((g * order.length) / groups));
    while (end > begin && end < order.length && values[order[end]] === values[order[end - 1]]) end++;
    if (end > begin) found.push(order.subarray(begin, end));
    begin = end;
  }
  return found;
}
