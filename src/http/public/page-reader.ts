import type { Context } from 'hono';
import type { Services } from '../services.ts';
import { choosePageLanguage } from './page-language.ts';
import type { PageReader } from './page-layout.ts';

/** Who reads a public page: their language, and the service that they know. */
export function readerOf(c: Context, services: Services): PageReader {
  return readerAsking(c.req.query('lang'), c.req.header('accept-language'), services);
}

/** As `readerOf`, of what they asked for: the `lang` of the address, and their Accept-Language. */
export function readerAsking(
  lang: string | undefined,
  accepted: string | undefined,
  { deployment, holderPages, recovery }: Pick<Services, 'deployment' | 'holderPages' | 'recovery'>,
): PageReader {
  return {
    service: deployment.serviceName,
    recoveryUrl: holderPages.recoveryUrl,
    isRecoveryHosted: recovery !== null,
    language: choosePageLanguage(lang, accepted),
  };
}
