import { useState } from 'react';

import { ApiProblem, sentenceOf } from '@/api';
import { strings } from '@/strings';

import { Button, Field, Notice, Sheet, Text } from './kit';

/** What the server takes; characters. */
export const LONGEST_TEXT = 4000;
/** From here on it is shown how much room is left; characters. */
const NEARLY = 400;

type Props = {
  title: string;
  hint?: string;
  send: string;
  isOpen: boolean;
  text: string;
  setText: (text: string) => void;
  onSend: (text: string) => Promise<void>;
  onClose: () => void;
};

/** A request in words: typed, or corrected. */
export function RequestSheet({ text, setText, onSend, onClose, ...props }: Props) {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const left = LONGEST_TEXT - text.length;
  const isUnfit = text.trim() === '' || left < 0;
  const send = async () => {
    if (isUnfit || isBusy) return;
    setIsBusy(true);
    setProblem(null);
    try {
      await onSend(text.trim());
    } catch (thrown) {
      setProblem(thrown instanceof ApiProblem ? thrown : new ApiProblem('server'));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Sheet
      title={props.title}
      isOpen={props.isOpen}
      onClose={onClose}
      actions={
        <Button
          label={props.send}
          onPress={() => void send()}
          isBusy={isBusy}
          isDisabled={isUnfit}
          grows
        />
      }
    >
      {props.hint ? <Text color="muted">{props.hint}</Text> : null}
      <Field
        label={strings.typed.label}
        placeholder={strings.typed.placeholder}
        value={text}
        onChangeText={setText}
        multiline
        autoFocus
        error={left < 0 ? strings.typed.tooLong(-left) : null}
        onKeyPress={({ nativeEvent }) => {
          // A browser's event also says which other keys are held.
          const { key, ctrlKey, metaKey } = nativeEvent as typeof nativeEvent & Held;
          if (key === 'Enter' && (ctrlKey || metaKey)) void send();
        }}
      />
      {left >= 0 && left < NEARLY ? (
        <Text variant="small" color="muted" aria-live="polite">
          {strings.typed.left(left)}
        </Text>
      ) : null}
      {problem ? <Problem problem={problem} /> : null}
    </Sheet>
  );
}

type Held = { ctrlKey?: boolean; metaKey?: boolean };

/** Why something asked for did not happen. */
export function Problem({ problem }: { problem: ApiProblem }) {
  const { title, whatToDo } = sentenceOf(problem);
  return <Notice tone="bad" title={title} text={whatToDo} />;
}
