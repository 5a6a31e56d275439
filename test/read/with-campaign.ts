import { afterAll, beforeAll } from 'vitest';
import { Campaign } from '../support/campaign.ts';
import { withTestPostgres } from '../support/postgres.ts';

/** One installation for a test file; each test brings its own people, lists and plans. */
export function withCampaign(): () => Campaign {
  const postgres = withTestPostgres();
  let campaign: Campaign | undefined;
  beforeAll(async () => {
    campaign = await Campaign.begin(await postgres.freshDatabase());
  });
  afterAll(async () => campaign?.end());
  return () => {
    if (campaign === undefined) throw new Error('the campaign is there from beforeAll on');
    return campaign;
  };
}
