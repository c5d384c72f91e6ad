/** Pushes on a phone. */
import Constants from 'expo-constants';
import * as Notifications from 'expo-notifications';
import { Platform } from 'react-native';

import { strings } from '@/strings';

import { DATA_ONLY } from './background';
import { CATEGORIES } from './dataOnly';
import { APPROVE } from './routing';
import type { Permission, PushService, Tap } from './service';

function permissionOf(status: Notifications.NotificationPermissionsStatus): Permission {
  const isProvisional = status.ios?.status === Notifications.IosAuthorizationStatus.PROVISIONAL;
  if (status.granted || isProvisional) return 'granted';
  if (status.status === 'undetermined') return 'not_asked';
  return status.canAskAgain ? 'denied' : 'blocked';
}

function tapOf({ actionIdentifier, notification }: Notifications.NotificationResponse): Tap {
  const { identifier, content } = notification.request;
  const isPlain = actionIdentifier === Notifications.DEFAULT_ACTION_IDENTIFIER;
  return {
    id: `${identifier} ${notification.date} ${actionIdentifier}`,
    action: isPlain ? null : actionIdentifier,
    data: content.data,
  };
}

async function prepareChannels(): Promise<void> {
  const { AndroidImportance } = Notifications;
  await Notifications.setNotificationChannelAsync('default', {
    name: strings.push.everything,
    importance: AndroidImportance.HIGH,
  });
  await Notifications.setNotificationChannelAsync('quiet', {
    name: strings.push.quiet,
    importance: AndroidImportance.LOW,
    sound: null,
    enableVibrate: false,
  });
}

async function prepareCategories(): Promise<void> {
  // In the foreground: what is started in the background is lost if the app had been closed.
  const options = { opensAppToForeground: true };
  const approve = {
    identifier: APPROVE,
    buttonTitle: strings.push.approve,
    options: { ...options, isAuthenticationRequired: true },
  };
  const details = { identifier: 'details', buttonTitle: strings.push.details, options };
  const see = { identifier: 'details', buttonTitle: strings.push.see, options };
  for (const category of CATEGORIES) {
    const actions = category === 'task_approval' ? [approve, details] : [see];
    await Notifications.setNotificationCategoryAsync(category, actions);
  }
}

export const notifications: PushService = {
  permission: async () => permissionOf(await Notifications.getPermissionsAsync()),
  ask: async () => permissionOf(await Notifications.requestPermissionsAsync()),
  async prepare() {
    if (Platform.OS === 'android') {
      await prepareChannels();
      await Notifications.registerTaskAsync(DATA_ONLY);
    }
    await prepareCategories();
  },
  async device() {
    const platform = Platform.OS === 'ios' ? 'ios' : 'android';
    const projectId: unknown = Constants.expoConfig?.extra?.eas?.projectId;
    if (typeof projectId === 'string') {
      const { data: token } = await Notifications.getExpoPushTokenAsync({ projectId });
      return { token, platform, provider: 'expo' };
    }
    // A build without an Expo account is reached through Apple or Google directly.
    const { data: token } = await Notifications.getDevicePushTokenAsync();
    return { token, platform, provider: platform === 'ios' ? 'apns' : 'fcm' };
  },
  onNewDevice(listener) {
    const subscription = Notifications.addPushTokenListener(listener);
    return () => subscription.remove();
  },
  onTap(listener) {
    const first = Notifications.getLastNotificationResponse();
    if (first) {
      Notifications.clearLastNotificationResponse();
      listener(tapOf(first));
    }
    const subscription = Notifications.addNotificationResponseReceivedListener((response) => {
      Notifications.clearLastNotificationResponse();
      listener(tapOf(response));
    });
    return () => subscription.remove();
  },
  showInFront(isShown) {
    Notifications.setNotificationHandler({
      handleNotification: async ({ request }) => {
        const shown = isShown(request.content.data);
        return {
          shouldShowBanner: shown,
          shouldShowList: shown,
          shouldPlaySound: shown,
          shouldSetBadge: false,
        };
      },
    });
  },
};
