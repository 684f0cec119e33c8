import { readFileSync } from 'node:fs';
import { arch, platform } from 'node:process';

/** The version of this package, from its package.json. */
export function packageVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as {
        name: string;
        version: string;
      };
      if (name === 'consilience') return version;
    } catch {
      // not there: the sources and the build lie at different depths
    }
  }
  return 'unknown';
}

/** Under what the figures were made: enough to make them again, nothing that identifies a machine. */
export function environment(): Record<string, string> {
  return { consilience: packageVersion(), node: process.version, platform: `${platform} ${arch}` };
}
