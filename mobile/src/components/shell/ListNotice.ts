import { createContext } from 'react';

/** What the list has to say above everything, as after a push for another account. */
export const ListNotice = createContext<string | null>(null);
