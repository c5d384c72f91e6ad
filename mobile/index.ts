import './src/push/background';
import 'expo-router/entry';
