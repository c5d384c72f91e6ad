// First: it takes what is secret out of the address, before the router reads that.
import '@/platform/arrival';

import 'expo-router/entry';
