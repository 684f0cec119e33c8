/** Parameters and runs of an open re-implementation of the model, where shared data is there: read, never kept. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { S2008 } from '../../../src/simulate/night/s2008.ts';
import { need } from '../../require.ts';

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/simglucose-t1d');
export const reference = need('shared', existsSync(folder));

export interface ReferencePatient {
  readonly parameters: S2008;
  readonly start: Float64Array; // [13]
  readonly basalGlucose: number;
  /** pmol/kg/min. */
  readonly basal: number;
}

export interface ReferenceRun {
  readonly glucose: Float64Array; // [rows], mean of the three minutes before, mg/dL
  readonly carbs: Float64Array; // [rows], announced in the three minutes from here, g/min
  readonly insulin: Float64Array; // [rows], given in the three minutes from here, U/min
}

function table(file: string): Record<string, string>[] {
  const bytes = readFileSync(join(folder, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}

export function referencePatient(name: string): ReferencePatient {
  const row = table('vpatient_params.csv').find((one) => one.Name === name);
  if (!row) throw new Error(`no patient ${name}`);
  const at = (column: string) => Number(row[column]);
  return {
    parameters: {
      weightKg: at('BW'),
      kmax: at('kmax'),
      kmin: at('kmin'),
      b: at('b'),
      d: at('d'),
      kabs: at('kabs'),
      f: at('f'),
      vg: at('Vg'),
      k1: at('k1'),
      k2: at('k2'),
      kp1: at('kp1'),
      kp2: at('kp2'),
      kp3: at('kp3'),
      ki: at('ki'),
      fcns: at('Fsnc'),
      vm0: at('Vm0'),
      vmx: at('Vmx'),
      km0: at('Km0'),
      p2u: at('p2u'),
      ke1: at('ke1'),
      ke2: at('ke2'),
      vi: at('Vi'),
      ib: at('Ib'),
      m1: at('m1'),
      m2: at('m2'),
      m30: at('m30'),
      m4: at('m4'),
      ka1: at('ka1'),
      ka2: at('ka2'),
      kd: at('kd'),
      ksc: at('ksc'),
    },
    start: Float64Array.from({ length: 13 }, (_, i) => Number(Object.values(row)[i + 2])),
    basalGlucose: at('Gb'),
    basal: at('u2ss'),
  };
}

export function referenceNames(kind: string): string[] {
  return table('vpatient_params.csv')
    .map((row) => row.Name)
    .filter((name) => name.startsWith(kind));
}

/** Carbohydrate ratio g/U and total insulin a day U. */
export function referenceTreatment(name: string): { carbRatio: number; unitsPerDay: number } {
  const row = table('Quest.csv').find((one) => one.Name === name);
  if (!row) throw new Error(`no treatment of ${name}`);
  return { carbRatio: Number(row.CR), unitsPerDay: Number(row.TDI) };
}

export function referenceRun(file: string): ReferenceRun {
  const rows = table(file);
  const column = (name: string) => Float64Array.from(rows, (row) => Number(row[name] || 0));
  return { glucose: column('BG'), carbs: column('CHO'), insulin: column('insulin') };
}
