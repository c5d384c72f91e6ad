import * as Haptics from 'expo-haptics';

/** What the hand feels. */
export type Feel = { started(): void; sent(): void; cancelled(): void };

/** Taps of the device; one that has none (a desk's browser) stays still. */
export const haptics: Feel = {
  started: () => quietly(Haptics.impactAsync(Haptics.ImpactFeedbackStyle.Medium)),
  sent: () => quietly(Haptics.notificationAsync(Haptics.NotificationFeedbackType.Success)),
  cancelled: () => quietly(Haptics.notificationAsync(Haptics.NotificationFeedbackType.Warning)),
};

function quietly(tap: Promise<void>): void {
  tap.catch(() => {});
}
