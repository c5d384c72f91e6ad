import { strings } from '@/strings';
import type { Task } from '@/tasks';

import { Card, Fact, Text } from '../kit';
import { count, duration, price } from '../wording';

/** What it took: time, tokens, money. */
export function Figures({ task }: { task: Task }) {
  const facts = [
    task.duration_ms ? [strings.details.duration, duration(task.duration_ms)] : null,
    task.tok_in || task.tok_out
      ? [
          strings.details.tokens,
          strings.details.tokenCount(count(task.tok_in ?? 0), count(task.tok_out ?? 0)),
        ]
      : null,
    typeof task.cost_usd === 'number' && task.duration_ms
      ? [strings.details.cost, price(task.cost_usd)]
      : null,
  ].filter((fact) => fact !== null);
  if (facts.length === 0) return null;
  return (
    <Card title={strings.details.figures}>
      {facts.map(([name = '', value]) => (
        <Fact key={name} name={name}>
          <Text variant="small" style={{ fontVariant: ['tabular-nums'] }}>
            {value}
          </Text>
        </Fact>
      ))}
    </Card>
  );
}
