import { ApiProblem, type Api } from '@/api';
import type { operations } from '@/api/schema';
import { UUID } from '@/session/account';

import type { Entry } from './entry';

/** A minute of sound on a slow network. */
const UPLOAD_TIMEOUT_MS = 60_000;

/**
 * Sends an entry. However often that happens, it is one task: its id is the Idempotency-Key.
 *
 * @returns the id of the task.
 * @throws ApiProblem
 */
export async function send(
  api: Api,
  entry: Pick<Entry, 'id' | 'text' | 'repo'>,
  audio: Blob | null,
): Promise<string> {
  const accepted = await api.ask(
    (client, signal) =>
      client.POST('/task', {
        signal,
        params: { header: { 'Idempotency-Key': entry.id } },
        body: { ...(entry.text !== null && { text: entry.text }) },
        bodySerializer: () => formOf(entry, audio),
      }),
    { timeoutMs: UPLOAD_TIMEOUT_MS },
  );
  // Whoever answers in the server's place, such as the page of a hotel's network, accepts nothing.
  if (!UUID.test(accepted?.job_id ?? '')) throw new ApiProblem('server');
  return accepted.job_id;
}

type Form = operations['createTask']['requestBody']['content']['multipart/form-data'];

function formOf({ text, repo }: Pick<Entry, 'text' | 'repo'>, audio: Blob | null): FormData {
  const form = new FormData();
  const name = (field: keyof Form) => field;
  if (audio) form.append(name('audio'), audio, 'task.wav');
  if (text !== null) form.append(name('text'), text);
  if (repo !== null) form.append(name('repo'), repo);
  return form;
}
