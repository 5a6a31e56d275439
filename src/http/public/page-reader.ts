import type { Context } from 'hono';
import type { Services } from '../services.ts';
import { choosePageLanguage } from './page-language.ts';
import type { PageReader } from './page-layout.ts';

/** Who reads a public page: their language, and the service that they know. */
export function readerOf(c: Context, { deployment, holderPages, recovery }: Services): PageReader {
  return {
    service: deployment.serviceName,
    recoveryUrl: holderPages.recoveryUrl,
    isRecoveryHosted: recovery !== null,
    language: choosePageLanguage(c.req.query('lang'), c.req.header('accept-language')),
  };
}
