/** Answers that are kept in memory together with their tag, so that an unchanged one costs little. */
export type Etags = {
  /** What to ask with. */
  headers(key: string): { 'If-None-Match'?: string };
  /** What a 304 stands for. */
  known(key: string): unknown;
  keep(key: string, etag: string | null, answer: unknown): void;
  forget(key: string): void;
};

/** @param most how many answers are kept; the one that was kept first goes first. */
export function createEtags(most = 200): Etags {
  const kept = new Map<string, { etag: string; answer: unknown }>();
  return {
    headers(key) {
      const found = kept.get(key);
      return found ? { 'If-None-Match': found.etag } : {};
    },
    known: (key) => kept.get(key)?.answer,
    keep(key, etag, answer) {
      kept.delete(key);
      if (!etag) return;
      kept.set(key, { etag, answer });
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
    forget: (key) => void kept.delete(key),
  };
}
