import { createHmac, createSecretKey } from 'node:crypto';

/**
 * Names an address without telling it: HMAC-SHA-256 under a secret of the installation, so that the list of addresses that
 * do not work cannot be read, nor guessed from. Letter case of ASCII is ignored, as most servers do.
 */
export function makeAddressKeys(key: Uint8Array): (address: string) => string {
  const macKey = createSecretKey(key);
  return (address) => {
    const folded = address.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    return createHmac('sha256', macKey)
      .update(JSON.stringify(['allclear address v1', folded]), 'utf8')
      .digest('hex');
  };
}
