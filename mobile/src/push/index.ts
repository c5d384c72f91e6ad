export type QuietHours = { from: string; until: string; time_zone: string };

export function usePush(): {
  state: 'unsupported' | 'not_asked' | 'granted' | 'denied' | 'blocked';
  ask(): Promise<void>;
  quietHours: QuietHours | null;
  setQuietHours(hours: QuietHours | null): Promise<void>;
  onlyWhenNeeded: boolean;
  setOnlyWhenNeeded(only: boolean): Promise<void>;
} {
  throw new Error('not here yet');
}

export function usePushRouting(handlers: {
  open(jobId: string): void;
  approve(jobId: string, commitSha: string): void;
  openUrl(url: string): void;
  /** A push for another account: the list, with a sentence. */
  openList(sentence: string): void;
}): void {
  throw new Error(`not here yet: ${handlers.open.name}`);
}

export function setOpenTask(jobId: string | null): void {
  throw new Error(`not here yet: ${jobId}`);
}
