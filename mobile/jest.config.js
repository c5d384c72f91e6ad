module.exports = {
  preset: 'jest-expo',
  testTimeout: 30000,
  testMatch: ['<rootDir>/{src,modules}/**/*.test.{ts,tsx}'],
  moduleNameMapper: {
    '^@/(.*)$': '<rootDir>/src/$1',
    '^audio-recorder$': '<rootDir>/modules/audio-recorder',
  },
};
