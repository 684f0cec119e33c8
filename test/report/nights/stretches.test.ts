import { expect, it } from 'vitest';
import type { AlertChange, AlertKind } from '../../../src/fuse/hybrid/alert/alert.ts';
import { stretches } from '../../../src/report/nights/stretches.ts';

const change = (alert: number, kind: AlertKind, timeMs: number): AlertChange => ({ alert, kind, timeMs, score: 0 });

it('draws an alert from raise to confirmation, from there to its end, and one taken back apart', () => {
  const changes = [
    change(0, 'provisional', 1),
    change(0, 'confirmed', 3),
    change(0, 'escalated', 4),
    change(0, 'ended', 9),
    change(1, 'provisional', 10),
    change(1, 'retracted', 12),
    change(0, 'silent', 13),
    change(2, 'confirmed', 14),
  ];
  expect(stretches(changes, 20)).toEqual([
    { fromMs: 1, toMs: 3, state: 'provisional' },
    { fromMs: 3, toMs: 9, state: 'confirmed' },
    { fromMs: 10, toMs: 12, state: 'retracted' },
    { fromMs: 14, toMs: 20, state: 'confirmed' },
  ]);
});
