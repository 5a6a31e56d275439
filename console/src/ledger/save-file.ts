/** The browser asks for the file right away; its memory is given back after this. */
const releaseAfterMs = 60_000;

/** Hands a file to the browser as a download. Nothing is sent anywhere. */
export function saveFile(name: string, parts: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), releaseAfterMs);
}
