import { ChevronDown, ChevronRight, ChevronUp } from '@/components/icons';
import { memo, useState } from 'react';
import { Pressable, ScrollView, StyleSheet, View } from 'react-native';

import { strings } from '@/strings';
import type { DiffFile, DiffLine } from '@/tasks';
import { type Color, radius, space, touch, useColors } from '@/theme';

import { Button, Text } from '../kit';
import { count } from '../wording';

/** A change of so many lines is folded until it is asked for. */
const FOLDED_FROM = 300;

const LINES: Record<DiffLine['kind'], { sign: string; front: Color; back: Color | null }> = {
  context: { sign: ' ', front: 'ink', back: null },
  added: { sign: '+', front: 'added', back: 'addedSoft' },
  removed: { sign: '−', front: 'removed', back: 'removedSoft' },
  hunk: { sign: ' ', front: 'muted', back: 'sunken' },
};

type Props = {
  files: DiffFile[];
  /** Whether somebody has to read it now: then it is open, unless it is large. */
  isAsked: boolean;
};

/** The change, file by file; added and removed lines bear signs besides their colours. */
export function Diff({ files, isAsked }: Props) {
  const length = files.reduce((sum, { lines }) => sum + lines.length, 0);
  const [isShown, setIsShown] = useState(isAsked && length < FOLDED_FROM);
  return (
    <View style={styles.files}>
      {files.map((file) => (
        <File key={`${file.path} ${isShown}`} file={file} startsOpen={isShown} />
      ))}
      <Button
        label={isShown ? strings.details.hideChange : strings.details.showChange}
        kind="secondary"
        icon={isShown ? ChevronUp : ChevronDown}
        onPress={() => setIsShown(!isShown)}
      />
    </View>
  );
}

const File = memo(function File({ file, startsOpen }: { file: DiffFile; startsOpen: boolean }) {
  const colors = useColors();
  const [isOpen, setIsOpen] = useState(startsOpen);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <View style={[styles.file, { borderColor: colors.line }]}>
      <Pressable
        role="button"
        aria-expanded={isOpen}
        onPress={() => setIsOpen(!isOpen)}
        style={[styles.head, { backgroundColor: colors.sunken }]}
      >
        <Icon size={18} color={colors.muted} aria-hidden />
        <View style={styles.grows}>
          <Text variant="mono" style={styles.path}>
            {file.path}
          </Text>
          {file.oldPath && file.oldPath !== file.path ? (
            <Text variant="caption" color="muted">
              {strings.details.renamed(file.oldPath)}
            </Text>
          ) : null}
        </View>
        <Text variant="mono" color="added">{`+${count(file.added)}`}</Text>
        <Text variant="mono" color="removed">{`−${count(file.removed)}`}</Text>
      </Pressable>
      {isOpen && file.lines.length > 0 ? (
        <ScrollView
          horizontal
          // What scrolls sideways has to be reached by keys, too.
          tabIndex={0}
          role="region"
          aria-label={file.path}
          contentContainerStyle={styles.scroll}
        >
          <View style={styles.code}>
            {file.lines.map((line, at) => (
              <Line key={at} line={line} />
            ))}
          </View>
        </ScrollView>
      ) : null}
    </View>
  );
});

const Line = memo(function Line({ line }: { line: DiffLine }) {
  const colors = useColors();
  const { sign, front, back } = LINES[line.kind];
  return (
    <View style={[styles.line, back && { backgroundColor: colors[back] }]}>
      <Text variant="mono" color="muted" aria-hidden style={styles.number}>
        {line.newNumber ?? line.oldNumber ?? ''}
      </Text>
      <Text variant="mono" color={front} selectable>{`${sign} ${line.text}`}</Text>
    </View>
  );
});

const styles = StyleSheet.create({
  files: { gap: space.m },
  file: { borderWidth: 1, borderRadius: radius.s, overflow: 'hidden' },
  head: {
    flexDirection: 'row',
    alignItems: 'center',
    gap: space.s,
    minHeight: touch,
    paddingHorizontal: space.m,
    paddingVertical: space.s,
  },
  grows: { flex: 1 },
  path: { fontWeight: '600' },
  scroll: { flexGrow: 1 },
  code: { flexGrow: 1 },
  line: { flexDirection: 'row', paddingRight: space.l },
  number: { minWidth: 44, textAlign: 'right', paddingRight: space.m },
});
