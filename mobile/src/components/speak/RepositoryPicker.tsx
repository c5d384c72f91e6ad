import { Check, ChevronDown, FolderGit2 } from '@/components/icons';
import { useState } from 'react';
import { Pressable, StyleSheet, View } from 'react-native';

import type { Repository } from '@/repos';
import { strings } from '@/strings';
import { radius, space, touch, useColors } from '@/theme';

import { Field, Notice, Sheet, Text } from '../kit';
import { projectOf } from '../wording';

/** So many can be seen at a glance; more get a search field. */
const GLANCE = 6;

type Props = {
  repos: Repository[];
  /** Null is the default one. */
  chosen: string | null;
  choose(repo: string | null): void;
};

/** Which repository is meant; what was chosen last stays chosen. */
export function RepositoryPicker({ repos, chosen, choose }: Props) {
  const colors = useColors();
  const [isOpen, setIsOpen] = useState(false);
  const [sought, setSought] = useState('');
  const current = repos.find((one) => (chosen ? one.repo === chosen : one.is_default));
  const name = current
    ? projectOf(current.repo)
    : chosen
      ? projectOf(chosen)
      : strings.repos.defaultName;
  const found = repos.filter(({ repo }) =>
    projectOf(repo).toLowerCase().includes(sought.trim().toLowerCase()),
  );
  const close = () => {
    setIsOpen(false);
    setSought('');
  };
  return (
    <>
      <Pressable
        role="button"
        aria-label={strings.repos.choose(name)}
        accessibilityHint={strings.repos.chooseHint}
        aria-expanded={isOpen}
        onPress={() => setIsOpen(true)}
        style={({ pressed }) => [
          styles.chip,
          { backgroundColor: pressed ? colors.sunken : colors.surface, borderColor: colors.line },
        ]}
      >
        <FolderGit2 size={18} color={colors.muted} aria-hidden />
        <Text variant="label" style={styles.shrinks}>
          {name}
        </Text>
        <ChevronDown size={18} color={colors.muted} aria-hidden />
      </Pressable>
      <Sheet title={strings.repos.title} isOpen={isOpen} onClose={close}>
        {repos.length > GLANCE ? (
          <Field
            label={strings.repos.search}
            value={sought}
            onChangeText={setSought}
            autoCapitalize="none"
            autoCorrect={false}
          />
        ) : null}
        {repos.length === 0 ? (
          <Notice title={strings.repos.none} text={strings.repos.noneWhatToDo} />
        ) : null}
        {repos.length > 0 && found.length === 0 ? (
          <Text color="muted">{strings.repos.noMatch(sought)}</Text>
        ) : null}
        <View role="radiogroup" aria-label={strings.repos.title}>
          {found.map((one) => (
            <Choice
              key={one.repo}
              repository={one}
              isChosen={one === current}
              onPress={() => {
                choose(one.is_default ? null : one.repo);
                close();
              }}
            />
          ))}
        </View>
      </Sheet>
    </>
  );
}

function Choice(props: { repository: Repository; isChosen: boolean; onPress: () => void }) {
  const colors = useColors();
  const { repo, branch, is_default: isDefault } = props.repository;
  const details = [strings.repos.onBranch(branch), isDefault ? strings.repos.default : null];
  return (
    <Pressable
      role="radio"
      aria-checked={props.isChosen}
      onPress={props.onPress}
      style={({ pressed }) => [
        styles.choice,
        props.isChosen && { backgroundColor: colors.accentSoft },
        pressed && { backgroundColor: colors.sunken },
      ]}
    >
      <View style={styles.grows}>
        <Text variant="strong">{projectOf(repo)}</Text>
        <Text variant="small" color="muted">
          {details.filter(Boolean).join(' · ')}
        </Text>
      </View>
      {props.isChosen ? <Check size={22} color={colors.accent} aria-hidden /> : null}
    </Pressable>
  );
}

const styles = StyleSheet.create({
  chip: {
    flexDirection: 'row',
    alignItems: 'center',
    gap: space.s,
    minHeight: touch,
    maxWidth: '100%',
    paddingHorizontal: space.l,
    paddingVertical: space.s,
    borderRadius: radius.round,
    borderWidth: 1,
  },
  shrinks: { flexShrink: 1 },
  grows: { flex: 1 },
  choice: {
    flexDirection: 'row',
    alignItems: 'center',
    gap: space.m,
    minHeight: 64,
    paddingVertical: space.m,
    paddingHorizontal: space.l,
    marginHorizontal: -space.l,
    borderRadius: radius.m,
  },
});
