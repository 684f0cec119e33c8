/** A checksum: it detects damage, not forgery. */
import { InputError } from '../errors.ts';

/**
 * SHA-256 as 64 hexadecimal digits.
 *
 * @throws InputError in a page that is neither served by https nor from localhost: browsers have no cryptography there
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const { subtle } = globalThis.crypto;
  if (!subtle) throw new InputError({ where: 'sha256', what: 'no secure context', expected: 'https, or localhost' });
  const digest = await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
