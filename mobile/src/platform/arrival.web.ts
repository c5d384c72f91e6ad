import { signInLink } from '@/session/link';

/** The address that opened the page, with what is secret in it. */
export const arrivedAt = location.href;

export const clean = () => history.replaceState(history.state, '', location.pathname);

// The router keeps the address that it finds when it starts, and would put it back later.
if (signInLink(arrivedAt)) clean();
