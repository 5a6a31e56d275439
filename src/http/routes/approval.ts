import type { OpenAPIHono } from '@hono/zod-openapi';
import { approvalRoutes } from '../../contract/approval.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { ApiEnv } from '../api-env.ts';
import { failureOfRefusal } from '../failure-of-refusal.ts';
import type { Services } from '../services.ts';

export function mountApprovalRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(approvalRoutes.options, async (c) => {
    const { kind, ...asked } = c.req.valid('json');
    if (!asked.subject.startsWith(`${kind}_`)) {
      throw new Failure('usage', `${asked.subject} is no ${kind}. Nothing was done.`);
    }
    const offered = await services.offerStatement({ ...asked, operatorId: c.get('operator').operatorId });
    if (offered.kind === 'refused') throw failureOfRefusal(offered.reason, asked.subject);
    return c.json({ statement: offered.statement, publicKey: offered.publicKey }, 200);
  });

  app.openapi(approvalRoutes.export, async (c) =>
    c.json({ entries: await services.exportApprovals(c.req.valid('param').subject) }, 200),
  );
}
