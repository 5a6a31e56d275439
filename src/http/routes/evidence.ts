import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ImportProgress } from '../../app/evidence/import-progress.ts';
import { evidenceRoutes } from '../../contract/evidence.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import { answerStream } from '../answer-stream.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import { cursorOf, pageOf, readCursor } from '../cursor.ts';
import type { Services } from '../services.ts';

export function mountEvidenceRoutes(app: OpenAPIHono<ApiEnv>, services: Services, log: HttpLog): void {
  app.openapi(evidenceRoutes.import, (c) => {
    const { source, authority, class: listClass, fileName, reportedBy, anew } = c.req.valid('query');
    const stream = c.req.raw.body;
    if (stream === null)
      throw new Failure('usage', 'The request has no body. Send the list as application/octet-stream.');
    const importer = c.get('operator').operatorId;
    return answerStream(c, log, {
      phaseOf: (progress: ImportProgress) => progress.phase,
      run: (report) =>
        services.importEvidence(
          {
            stream,
            source: { name: source, authority },
            class: listClass,
            importer,
            fileName,
            reportedBy: reportedBy ?? null,
            anew,
          },
          report,
        ),
    });
  });

  app.openapi(evidenceRoutes.list, async (c) => {
    const { limit, after } = c.req.valid('query');
    const at = readCursor('evidence', after);
    const rows = await services.listBatches(limit + 1, at === null ? null : `batch_${at}`);
    const { page, next } = pageOf(rows, limit, (last) => cursorOf('evidence', numberOf(last.batch)));
    return c.json({ batches: page, next }, 200);
  });

  app.openapi(evidenceRoutes.sources, async (c) => {
    const { limit, after } = c.req.valid('query');
    const rows = await services.listSources(limit + 1, readCursor('source', after));
    const { page, next } = pageOf(rows, limit, (last) => cursorOf('source', last.source.sourceNo));
    return c.json({ sources: page, next }, 200);
  });

  app.openapi(evidenceRoutes.show, async (c) => c.json(await services.showEvidence(c.req.valid('param').batch), 200));

  app.openapi(evidenceRoutes.previewWithdrawal, async (c) =>
    c.json(await services.planWithdrawal({ ...c.req.valid('param'), ...c.req.valid('json') }), 200),
  );

  app.openapi(evidenceRoutes.withdraw, async (c) =>
    c.json(
      await services.withdrawEvidence({
        ...c.req.valid('param'),
        ...c.req.valid('json'),
        by: c.get('operator').operatorId,
      }),
      200,
    ),
  );
}
