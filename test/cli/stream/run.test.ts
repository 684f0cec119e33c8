import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { consilience } from '../cli.ts';
import { fallConfig, fallLines, folderOf, linesIn, listening, patientFallConfig } from './logs.ts';

const posix = process.platform !== 'win32';

/** What the replay of a log writes. */
async function replayed(folder: string, log: string): Promise<string> {
  const { code } = await consilience(['stream', 'replay', log, '-o', 'replayed'], { cwd: folder });
  expect(code).toBe(0);
  return readFileSync(join(folder, 'replayed'), 'utf8');
}

/** Readings of now: a person who has fallen, by their times of measurement. */
function sentNow(): string[] {
  const timeMs = Date.now();
  const at = { stream: 'home', subject: 'p1', timeMs };
  return [
    ...Array.from({ length: 20 }, (_, i) => ({
      ...at,
      sensor: 'accelerometer',
      sequence: i,
      value: 3,
      timeMs: timeMs - i,
    })),
    { ...at, sensor: 'room', sequence: 0, value: 0.1 },
  ].map((event) => JSON.stringify(event));
}

describe('stream run', () => {
  it.each(['0', '50'])(
    'hears a log at speed %s and says what a replay of what it kept says, byte for byte',
    async (speed) => {
      const folder = folderOf({ 'fall.ndjson': linesIn(fallLines()) });
      const args = ['stream', 'run', fallConfig, '--from', 'fall.ndjson', '--speed', speed, '--log', 'kept.ndjson'];
      const { code, stdout, stderr } = await consilience(args, { cwd: folder });
      expect(code).toBe(0);
      expect(stdout).toContain('"kind":"confirmed"');
      expect(stderr).toMatch(/^fall detection: hearing fall\.ndjson; Ctrl-C ends\nevents {4}2,020: /);
      expect(await replayed(folder, 'kept.ndjson')).toBe(stdout);
      const marks = readFileSync(join(folder, 'kept.ndjson'), 'utf8').split('{"clockMs":').length - 1;
      expect(marks > 0).toBe(speed !== '0');
    },
  );

  it('hears stdin, speaks while it is still open, and ends with it', async () => {
    const folder = folderOf({ 'fall.yaml': patientFallConfig() });
    const { child, ready, result } = listening(['run', 'fall.yaml', '--log', 'kept.ndjson'], folder);
    await ready;
    let heard = '';
    child.stdout.on('data', (piece: Buffer) => {
      heard += piece.toString();
    });
    child.stdin.write(linesIn([...sentNow(), 'garbage', '{"clockMs":99999999999999}']));
    for (let i = 0; i < 200 && !heard.includes('provisional'); i++) await sleep(50);
    expect(heard).toContain('"kind":"provisional"');
    child.stdin.end();
    const { code, stdout, stderr } = await result();
    expect(code).toBe(0);
    expect(stderr).toContain('events    23: 21 taken, 2 refused\n');
    expect(stderr).toContain('of no known sensor: 0 taken; refused: 2 malformed\n');
    expect(await replayed(folder, 'kept.ndjson')).toBe(stdout);
  });

  it.runIf(posix).each(['SIGINT', 'SIGTERM'] as const)(
    'on %s hears out what waits, says so, and exits 130',
    async (signal) => {
      const folder = folderOf({ 'fall.yaml': patientFallConfig() });
      const { child, ready, result } = listening(['run', 'fall.yaml', '--log', 'kept.ndjson'], folder);
      await ready;
      child.stdin.write(linesIn(sentNow()));
      const kept = join(folder, 'kept.ndjson');
      for (let i = 0; i < 200; i++) {
        await sleep(50);
        if (existsSync(kept) && readFileSync(kept, 'utf8').includes('"sensor":"room"')) break;
      }
      child.kill(signal);
      const { code, stdout, stderr } = await result();
      expect(code).toBe(130);
      expect(stderr).toContain('events    21: 21 taken, 0 refused\n');
      expect(stderr).toMatch(/\ninterrupted; what waited was heard out\n$/);
      expect(await replayed(folder, 'kept.ndjson')).toBe(stdout);
    },
  );

  it.runIf(posix)('on SIGINT in the midst of a log at its own pace ends at once', async () => {
    const folder = folderOf({ 'fall.ndjson': linesIn(fallLines()) });
    const { code, stderr } = await consilience(['stream', 'run', fallConfig, '--from', 'fall.ndjson'], {
      cwd: folder,
      signal: { name: 'SIGINT', after: 'Ctrl-C ends\n' },
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/\ninterrupted; what waited was heard out\n$/);
  });

  it('loses nothing by a short queue', async () => {
    const folder = folderOf({ 'fall.ndjson': linesIn(fallLines()) });
    const args = ['stream', 'run', fallConfig, '--from', 'fall.ndjson', '--speed', '0', '--queue', '3'];
    const { code, stderr } = await consilience(args, { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toContain('events    2,020: 2,020 taken, 0 refused\n');
  });

  it('refuses with exit code 2 what it cannot do, before it has heard anything', async () => {
    const folder = folderOf({ 'fall.ndjson': linesIn(fallLines()), 'kept.ndjson': 'mine' });
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await consilience(['stream', 'run', ...args], { cwd: folder });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refused(fallConfig, '--log', 'kept.ndjson')).toBe(
      'error: kept.ndjson: is there already, expected the name of a new file\n',
    );
    expect(readFileSync(join(folder, 'kept.ndjson'), 'utf8')).toBe('mine');
    expect(await refused(fallConfig, '--speed', '3')).toBe(
      'error: --speed: stdin has its own pace, expected --from LOG beside it\n',
    );
    expect(await refused(fallConfig, '--from', 'none.ndjson', '--log', 'new.ndjson')).toMatch(
      /^error: none\.ndjson: cannot be read/,
    );
    expect(existsSync(join(folder, 'new.ndjson'))).toBe(false);
    expect(await refused(fallConfig, '--from', 'fall.ndjson', '--speed', 'fast')).toMatch(
      /expected a number, 0 or more/,
    );
    expect(await refused('none.yaml')).toMatch(/^error: none\.yaml: cannot be read/);
  });
});
