import { Stack } from 'expo-router/stack';

import { useColors, useReducedMotion } from '@/theme';

/** A link to a task leads back to the list. */
export const unstable_settings = { anchor: 'index' };

/** The list, and a task above it. */
export default function TasksLayout() {
  const isStill = useReducedMotion();
  const { canvas } = useColors();
  return (
    <Stack
      screenOptions={{
        headerShown: false,
        animation: isStill ? 'none' : 'default',
        contentStyle: { backgroundColor: canvas },
      }}
    />
  );
}
