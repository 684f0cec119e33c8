import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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
  const runtime = runtimeVersion();
  return {
    consilience: packageVersion(),
    node: process.version,
    platform: `${platform} ${arch}`,
    ...(runtime !== undefined && { 'onnxruntime-node': runtime }),
  };
}

/** Of ONNX Runtime, on which networks are trained: undefined where that optional package is not installed. */
function runtimeVersion(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    return (require('onnxruntime-node/package.json') as { readonly version: string }).version;
  } catch {
    return undefined;
  }
}
