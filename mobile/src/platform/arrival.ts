/** Phones show nobody the address that opened the app. */
export {};
