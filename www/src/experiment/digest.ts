/** FNV-1a, 32 bits: tells two arrays apart, and keeps nobody from making two alike. */
export function digestOf(words: Uint8Array | Uint32Array): number {
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
  return hash;
}

/** Of weights as safetensors bytes: of the numbers alone, whatever is said before them. Eight hexadecimal digits. */
export function digestOfWeights(safetensors: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = safetensors;
  const headerLength = Number(new DataView(buffer, byteOffset, byteLength).getBigUint64(0, true));
  return digestOf(safetensors.subarray(8 + headerLength))
    .toString(16)
    .padStart(8, "0");
}
