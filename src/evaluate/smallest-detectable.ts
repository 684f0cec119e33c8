import { studentQuantile } from '../array/distributions.ts';

/**
 * The smallest true difference that a two-sided test at `level` finds with chance `power`, given the standard error of
 * the difference: (t_1-level/2 + t_power) standardError, the usual approximation to the noncentral t.
 * `degreesOfFreedom` is Infinity for a normal test.
 */
export function smallestDetectable(standardError: number, degreesOfFreedom: number, level = 0.05, power = 0.8): number {
  return (studentQuantile(power, degreesOfFreedom) - studentQuantile(level / 2, degreesOfFreedom)) * standardError;
}
