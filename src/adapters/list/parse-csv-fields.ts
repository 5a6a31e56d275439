/** The fields of one CSV line (RFC 4180, comma), or null where its quotes do not close. */
export function parseCsvFields(line: string): readonly string[] | null {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at);
      fields.push(comma === -1 ? line.slice(at) : line.slice(at, comma));
      if (comma === -1) return fields;
      at = comma + 1;
      continue;
    }
    const quoted = /"((?:[^"]|"")*)"(,|$)/y;
    quoted.lastIndex = at;
    const match = quoted.exec(line);
    if (match === null) return null;
    fields.push((match[1] as string).replaceAll('""', '"'));
    if (match[2] === '') return fields;
    at = quoted.lastIndex;
  }
}
