import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';

export function DeploymentCard(): ReactNode {
  const read = useRead('get /api/v1/deployment', {});
  return (
    <Card title="This installation">
      <Loaded query={read} what="the installation">
        {({ serviceName, environment, directory, deployment, codeVersion }) => (
          <Facts
            facts={[
              { label: 'Service', value: `${serviceName} (${environment})` },
              { label: 'Directory', value: directory },
              { label: 'Deployment', value: <span className="mono">{deployment}</span> },
              { label: 'Code version', value: <span className="mono">{codeVersion}</span> },
            ]}
          />
        )}
      </Loaded>
      <p className="soft">Approvers sign the deployment and the directory.</p>
    </Card>
  );
}
