/** RFC 5321 section 4.5.3.1: 64 + 1 + 255 octets. */
const maxAddressBytes = 320;
const minAddressBytes = 3;

/** Bytes that no unquoted local part holds (RFC 5322 section 3.2.3), controls and space among them. */
const neverLocal = new Uint8Array(256);
/** Bytes of a domain as people write it: letters, digits, dot, hyphen, underscore, and all of UTF-8 beyond ASCII. */
const inDomain = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const text = String.fromCharCode(byte);
  if (byte <= 0x20 || byte === 0x7f || '()<>[]:;@\\,"'.includes(text)) neverLocal[byte] = 1;
  if (byte >= 0x80 || /[A-Za-z0-9._-]/.test(text)) inDomain[byte] = 1;
}

/** Whether these bytes look like one mail address. A shape, not a validity: the directory decides what exists. */
export function isAddressShaped(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < minAddressBytes || length > maxAddressBytes) return false;
  let at = start;
  while (at < end && bytes[at] !== 0x40) {
    if (neverLocal[bytes[at] as number] === 1) return false;
    at += 1;
  }
  if (at === start || at >= end - 1) return false;
  // `//user@host` is the second half of a URL that was cut at its colon.
  if (bytes[start] === 0x2f && bytes[start + 1] === 0x2f) return false;
  for (at += 1; at < end; at += 1) if (inDomain[bytes[at] as number] === 0) return false;
  return true;
}
