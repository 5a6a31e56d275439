import type { Directory } from '../ports/directory.ts';
import type { AddressIndex, ListReader } from '../ports/list-reader.ts';
import type { OnImportProgress } from './import-progress.ts';

/** Every address of the directory, compared as the directory compares. Memory: some 20 bytes an account. */
export async function buildAddressIndex(
  deps: { readonly directory: Directory; readonly reader: ListReader },
  onProgress: OnImportProgress,
): Promise<AddressIndex> {
  const index = deps.reader.newAddressIndex(deps.directory.capabilities.addressComparison);
  const accounts = await deps.directory.countAccounts();
  onProgress({ phase: 'indexing', addresses: 0, accounts });
  for await (const page of deps.directory.listAddresses()) {
    for (const { address } of page) index.add(address);
    onProgress({ phase: 'indexing', addresses: index.size, accounts });
  }
  return index;
}
