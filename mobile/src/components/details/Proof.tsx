import { CircleCheck, CircleMinus, CircleX } from '@/components/icons';
import { StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import type { Task } from '@/tasks';
import { radius, space, useColors } from '@/theme';

import { Card, Text } from '../kit';

/** What lint and tests said about exactly this commit. */
export function Proof({ task }: { task: Task }) {
  const colors = useColors();
  const output = isProven(task) ? '' : (task.notes ?? '').split('\n').slice(1).join('\n').trim();
  const added = task.tests_added ?? 0;
  return (
    <Card title={strings.details.proof}>
      <Check name={strings.details.lint} passed={task.lint_passed} />
      <Check
        name={strings.details.tests}
        passed={task.tests_passed}
        more={added > 0 ? strings.details.testsAdded(added) : null}
      />
      {output ? (
        <View style={[styles.output, { backgroundColor: colors.sunken }]}>
          <Text variant="mono" selectable>
            {output}
          </Text>
        </View>
      ) : null}
    </Card>
  );
}

/** Whether the server merges it without insisting. */
export function isProven(task: Task): boolean {
  return task.lint_passed === true && task.tests_passed === true;
}

type CheckProps = { name: string; passed: boolean | null | undefined; more?: string | null };

function Check({ name, passed, more }: CheckProps) {
  const colors = useColors();
  const [Icon, color, word] =
    passed === true
      ? ([CircleCheck, 'accent', strings.details.passed] as const)
      : passed === false
        ? ([CircleX, 'danger', strings.details.failing] as const)
        : ([CircleMinus, 'muted', strings.details.notRun] as const);
  return (
    <View style={styles.check}>
      <Icon size={20} color={colors[color]} aria-hidden />
      <Text style={styles.grows}>
        {name} <Text color={color}>{word}</Text>
      </Text>
      {more ? (
        <Text variant="small" color="muted">
          {more}
        </Text>
      ) : null}
    </View>
  );
}

const styles = StyleSheet.create({
  check: { flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', gap: space.m },
  grows: { flexGrow: 1 },
  output: { padding: space.m, borderRadius: radius.s },
});
