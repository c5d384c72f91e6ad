module.exports = {
  preset: 'jest-expo',
  testTimeout: 30000,
  testMatch: ['<rootDir>/{src,modules}/**/*.test.{ts,tsx}'],
  moduleNameMapper: {
    '^@/(.*)$': '<rootDir>/src/$1',
    // Its ES modules are for bundlers.
    '^lucide-react-native/icons/(.*)$':
      '<rootDir>/node_modules/lucide-react-native/dist/cjs/icons/$1.js',
    '^audio-recorder$': '<rootDir>/modules/audio-recorder',
  },
};
