/** What dumps hold instead of a password: modular crypt strings, PHC strings, LDAP and MySQL forms. */
const namedHash =
  /^(?:\$(?:2[abxy]|argon2(?:id|i|d)|P|H|S|1|5|6|y|scrypt|pbkdf2[a-z0-9-]*)\$[./A-Za-z0-9$=,+-]{8,}|\{(?:SSHA|SHA|SMD5|MD5|CRYPT)[0-9]*\}.{8,}|pbkdf2_sha(?:1|256)\$[0-9]+\$.+|\*[0-9A-F]{40})$/;

/** Lengths of MD5, SHA-1 and SHA-256 in hex digits. */
const hexDigestLengths = new Set([32, 40, 64]);

/**
 * Whether what stands in the password's place is a hash. Someone's real password may be 32 hex digits; such a line is
 * refused all the same and counted, because running a dump of hashes through a slow scheme would burn hours for nothing.
 */
export function isHashShaped(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  if (hexDigestLengths.has(end - start)) return isHex(bytes, start, end);
  // `$`, `{`, `p`, `*`: no other byte begins a named hash, and a regular expression per line would cost more than the line.
  if (first !== 0x24 && first !== 0x7b && first !== 0x70 && first !== 0x2a) return false;
  return (
    end - start <= 512 &&
    namedHash.test(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'))
  );
}

function isHex(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    const isDigit = byte >= 48 && byte <= 57;
    const letter = byte | 32;
    if (!isDigit && (letter < 97 || letter > 102)) return false;
  }
  return true;
}
