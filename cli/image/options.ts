/** Values on the command line that several commands take. */
import { InvalidArgumentError } from 'commander';

export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > 0xffffffff) {
      throw new InvalidArgumentError(`expected a whole number from ${least}`);
    }
    return Number(text);
  };
}

export function millimetres(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('expected millimetres above 0');
  }
  return value;
}

/** `LOW,HIGH` */
export function greyRange(text: string): { low: number; high: number } {
  const parts = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [low, high] = parts;
  if (parts.length !== 2 || !(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new InvalidArgumentError('expected two numbers, LOW,HIGH, such as -160,240');
  }
  return { low, high };
}
