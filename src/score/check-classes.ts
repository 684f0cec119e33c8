import type { Matrix } from '../array/matrix.ts';
import { InputError } from '../errors.ts';

/** @throws InputError where labels and probabilities are of different subjects, a label is no class, or p is not in 0..1 */
export function checkClasses({ shape, data }: Matrix, labels: ArrayLike<number>, where: string): void {
  const [subjects, classes] = shape;
  if (labels.length !== subjects) {
    throw new InputError({ where, what: 'not one label a subject', expected: `${subjects}`, got: `${labels.length}` });
  }
  for (let i = 0; i < subjects; i++) {
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < classes)) {
      throw new InputError({
        where: `${where}: labels[${i}]`,
        what: 'not a class',
        expected: `a whole number from 0 to ${classes - 1}`,
        got: String(labels[i]),
      });
    }
  }
  checkProbabilities(data, where);
}

/** @throws InputError where a value is no probability */
export function checkProbabilities(values: ArrayLike<number>, where: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] > -1e-9 && values[i] < 1 + 1e-9)) {
      throw new InputError({
        where: `${where}: probability[${i}]`,
        what: 'not a probability',
        expected: 'a number from 0 to 1',
        got: String(values[i]),
      });
    }
  }
}
