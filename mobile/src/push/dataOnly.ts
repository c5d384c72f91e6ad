/** Android: a message that the system does not show is shown by the app, with its actions. */
import { pushDataOf } from './data';

export type Shown = {
  /** What it takes the place of. */
  identifier: string;
  title: string;
  body: string;
  categoryIdentifier: string | null;
  channelId: string;
  data: Record<string, unknown>;
};

export const CATEGORIES = ['task_approval', 'task_done', 'task_failed', 'demo_ready'] as const;

/**
 * What to show for the payload of a background task; null if the system shows it, or nothing is
 * to be.
 *
 * @param payload as expo-notifications hands it to a task.
 */
export function shownFor(payload: unknown): Shown | null {
  if (!isRecord(payload) || 'actionIdentifier' in payload || payload.notification) return null;
  const fields = isRecord(payload.data) ? payload.data : {};
  // Through Expo, what we send lies in `dataString` as JSON; through Firebase, it is the fields.
  const inner = parsed(fields.dataString);
  const said = { ...fields, ...inner };
  // A title with a message is shown by expo-notifications itself, without the app.
  if (typeof fields.title === 'string' && typeof fields.message === 'string') return null;
  const { title, body, categoryId, channelId, tag } = said as Record<string, unknown>;
  const push = pushDataOf(said);
  if (typeof title !== 'string' || typeof body !== 'string' || !push) return null;
  const subject = push.kind === 'task' ? push.jobId : push.url;
  return {
    identifier: typeof tag === 'string' ? tag : subject,
    title,
    body,
    categoryIdentifier: CATEGORIES.find((category) => category === categoryId) ?? null,
    channelId: channelId === 'quiet' ? 'quiet' : 'default',
    data: said,
  };
}

function parsed(text: unknown): Record<string, unknown> {
  try {
    const said: unknown = typeof text === 'string' ? JSON.parse(text) : null;
    return isRecord(said) ? said : {};
  } catch {
    return {}; // a text for people
  }
}

function isRecord(said: unknown): said is Record<string, unknown> {
  return typeof said === 'object' && said !== null;
}
