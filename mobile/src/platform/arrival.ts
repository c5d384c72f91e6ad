// A phone's links are told to the app: there is no address to clean.
export {};
