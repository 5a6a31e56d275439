/** A page of docs/reference: what it is called, and where its content comes from, in Markdown. */
export function page(title: string, source: string, body: readonly string[]): string {
  return [`# ${title}`, '', `Written by \`npm run reference\` from ${source}.`, '', ...body, ''].join('\n');
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
