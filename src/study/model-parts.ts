/** Whether the parts of a fitted model fit its description and each other, as far as that is cheap to tell on opening. */
import { InputError } from '../errors.ts';
import type { Json, JsonObject } from '../estimator.ts';

/**
 * The saved readout must be of the described target, and places of features among names must be such places.
 *
 * @param json `model.json`, of which `checkModel` found no fault
 * @throws InputError with the path of the first part that does not fit
 */
export function checkParts(json: JsonObject, name: string): void {
  const { target, fitted } = json as unknown as {
    readonly target: { readonly kind: string; readonly classes?: readonly string[] };
    readonly fitted: { readonly state: { readonly readout: { readonly kind: string; readonly state: JsonObject } } };
  };
  const { readout } = fitted.state;
  const where = `${name}: model.json: fitted.state.readout`;
  const what = 'does not fit the target';
  if (readout.kind !== target.kind) throw new InputError({ where, what, expected: target.kind, got: readout.kind });
  const told = readout.state.classes;
  if (target.kind === 'classes' && JSON.stringify(told) !== JSON.stringify(target.classes)) {
    const [expected, got] = [target.classes, told].map((classes) => JSON.stringify(classes)?.slice(0, 60) ?? 'nothing');
    throw new InputError({ where: `${where}.state.classes`, what, expected, got });
  }
  checkPlaces(fitted.state as unknown as Json, 'fitted.state', name);
}

/** Lists of places, and what they are places in: a list, or so many. */
const placesIn: { readonly [list: string]: string } = { kept: 'names', indicated: 'names', met: 'classes' };

/** Walks with a stack of its own: whoever forges a model may nest it as deeply as he likes. */
function checkPlaces(root: Json, rootPath: string, name: string): void {
  const left: { readonly value: Json; readonly path: string }[] = [{ value: root, path: rootPath }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, path } = next;
    if (value === null || typeof value !== 'object') continue;
    for (const [key, inner] of Object.entries(value)) left.push({ value: inner, path: `${path}.${key}` });
    if (Array.isArray(value)) continue;
    for (const [list, container] of Object.entries(placesIn)) {
      const [places, among] = [list, container].map((key) => (value as JsonObject)[key]);
      const many = Array.isArray(among) ? among.length : among;
      if (places === undefined || typeof many !== 'number') continue;
      const isPlace = (one: Json) => Number.isInteger(one) && (one as number) >= 0 && (one as number) < many;
      const beyond = Array.isArray(places) ? places.find((one) => !isPlace(one)) : places;
      if (beyond === undefined) continue;
      const expected = `a list of whole numbers below ${many}`;
      const got = JSON.stringify(beyond).slice(0, 60);
      throw new InputError({ where: `${name}: model.json: ${path}.${list}`, what: 'out of range', expected, got });
    }
  }
}
