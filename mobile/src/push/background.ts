/**
 * Android: shows messages of data alone. Read by `index.ts` before anything else: for such a message
 * Android starts the app's code without any of its screens.
 */
import * as Notifications from 'expo-notifications';
import * as TaskManager from 'expo-task-manager';
import { Platform } from 'react-native';

import { shownFor } from './dataOnly';

export const DATA_ONLY = 'sayso.data-only';

if (Platform.OS === 'android') {
  TaskManager.defineTask(DATA_ONLY, async ({ data }) => {
    const shown = shownFor(data);
    if (!shown) return;
    const { identifier, title, body, categoryIdentifier, channelId, data: said } = shown;
    await Notifications.scheduleNotificationAsync({
      identifier,
      content: { title, body, data: said, ...(categoryIdentifier && { categoryIdentifier }) },
      trigger: { channelId },
    });
  });
}
