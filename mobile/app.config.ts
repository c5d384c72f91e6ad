import type { ExpoConfig } from 'expo/config';

// The three of src/theme/colors.ts that a phone shows before the app runs; a test compares them.
const accent = '#0A6B53';
const lightCanvas = '#F8F6F2';
const darkCanvas = '#101311';

const microphone = 'Sayso listens only while you press the button, to hear what you want changed.';
const faceId = 'Sayso makes sure that it is you before a change is merged.';

/** What a build for phones is told; the web build reads the same from /config.json when it starts. */
const settings = {
  apiUrl: process.env.SAYSO_API_URL ?? '',
  supabaseUrl: process.env.SUPABASE_URL ?? '',
  supabaseKey: process.env.SUPABASE_ANON_KEY ?? '',
  developerSignIn: false,
};

const config: ExpoConfig = {
  name: 'Sayso',
  slug: 'sayso',
  scheme: 'sayso',
  version: '1.0.0',
  orientation: 'default',
  userInterfaceStyle: 'automatic',
  icon: './assets/icon.png',
  ios: {
    bundleIdentifier: 'dev.sayso.app',
    supportsTablet: true,
    infoPlist: { NSMicrophoneUsageDescription: microphone, NSFaceIDUsageDescription: faceId },
    config: { usesNonExemptEncryption: false },
  },
  android: {
    package: 'dev.sayso.app',
    adaptiveIcon: {
      foregroundImage: './assets/adaptive-icon.png',
      monochromeImage: './assets/adaptive-icon.png',
      backgroundColor: accent,
    },
    permissions: ['android.permission.RECORD_AUDIO', 'android.permission.POST_NOTIFICATIONS'],
    // What the template of React Native asks for, and this app has no use for.
    blockedPermissions: [
      'android.permission.SYSTEM_ALERT_WINDOW',
      'android.permission.READ_EXTERNAL_STORAGE',
      'android.permission.WRITE_EXTERNAL_STORAGE',
    ],
  },
  web: { bundler: 'metro', output: 'single', name: 'Sayso', favicon: './assets/favicon.png' },
  plugins: [
    'expo-router',
    'expo-secure-store',
    ['expo-notifications', { icon: './assets/notification-icon.png', color: accent }],
    [
      'expo-splash-screen',
      {
        image: './assets/splash.png',
        imageWidth: 120,
        backgroundColor: lightCanvas,
        dark: { image: './assets/splash.png', backgroundColor: darkCanvas },
      },
    ],
    ['expo-local-authentication', { faceIDPermission: faceId }],
  ],
  experiments: { typedRoutes: true },
  extra: { settings, eas: { projectId: process.env.EAS_PROJECT_ID } },
};

export default config;
