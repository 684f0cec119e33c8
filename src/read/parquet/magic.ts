/** "PAR1", the four bytes at either end of a Parquet file. */
const magic = [0x50, 0x41, 0x52, 0x31];

/** By its content, whatever its name. */
export function isParquet(bytes: Uint8Array): boolean {
  const end = bytes.length - magic.length;
  return bytes.length >= 12 && beginsAsParquet(bytes) && magic.every((byte, i) => bytes[end + i] === byte);
}

export function beginsAsParquet(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
