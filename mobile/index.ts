import './src/platform/arrival';
import './src/push/background';
import 'expo-router/entry';
