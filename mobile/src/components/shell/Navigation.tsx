import { usePathname, useRouter } from 'expo-router';
import { List, type LucideIcon, Mic, SlidersHorizontal } from '@/components/icons';
import { Pressable, StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { strings } from '@/strings';
import { radius, space, useColors, useIsWide } from '@/theme';

import { Text } from '../kit';

const PLACES = [
  { path: '/', name: strings.nav.speak, icon: Mic },
  { path: '/tasks', name: strings.nav.tasks, icon: List },
  { path: '/settings', name: strings.nav.settings, icon: SlidersHorizontal },
] as const;

/** The three places: below on a phone, at the side where there is room. */
export function Navigation({ needsYou }: { needsYou: number }) {
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const isWide = useIsWide();
  const path = usePathname();
  const router = useRouter();
  return (
    <View
      role="navigation"
      aria-label={strings.nav.label}
      style={[
        isWide ? styles.side : styles.below,
        { backgroundColor: colors.surface, borderColor: colors.line },
        isWide
          ? { paddingTop: insets.top + space.l, paddingLeft: insets.left }
          : { paddingBottom: insets.bottom },
      ]}
    >
      {PLACES.map((place) => (
        <Place
          key={place.path}
          name={place.name}
          icon={place.icon}
          isHere={place.path === '/' ? path === '/' : path.startsWith(place.path)}
          badge={place.path === '/tasks' ? needsYou : 0}
          onPress={() => router.navigate(place.path)}
        />
      ))}
    </View>
  );
}

type PlaceProps = {
  name: string;
  icon: LucideIcon;
  isHere: boolean;
  badge: number;
  onPress: () => void;
};

function Place({ name, icon: Icon, isHere, badge, onPress }: PlaceProps) {
  const colors = useColors();
  const isWide = useIsWide();
  const color = isHere ? 'accent' : 'muted';
  return (
    <Pressable
      role="link"
      aria-label={badge ? `${name}, ${strings.nav.needsYou(badge)}` : name}
      aria-current={isHere ? 'page' : undefined}
      onPress={onPress}
      style={[styles.place, isWide ? styles.row : styles.column]}
    >
      <View style={[styles.sign, isHere && { backgroundColor: colors.accentSoft }]}>
        <Icon size={22} color={colors[color]} aria-hidden />
      </View>
      <Text variant="caption" color={color} style={styles.name}>
        {name}
        {/* Nothing to see; it keeps the name apart from the number that follows, for who listens. */}
        <Text variant="caption" style={styles.unseen}>
          {' '}
        </Text>
      </Text>
      {badge ? (
        <View style={[styles.badge, { backgroundColor: colors.warn }]}>
          <Text variant="caption" color="surface" style={styles.number}>
            {badge > 9 ? '9+' : badge}
          </Text>
        </View>
      ) : null}
    </Pressable>
  );
}

const styles = StyleSheet.create({
  below: { flexDirection: 'row', borderTopWidth: 1 },
  side: { width: 96, borderRightWidth: 1, gap: space.xs },
  place: {
    minHeight: 60,
    alignItems: 'center',
    justifyContent: 'center',
    gap: 2,
    paddingVertical: 6,
  },
  column: { flex: 1 },
  row: { minHeight: 76 },
  sign: { paddingHorizontal: space.l, paddingVertical: 3, borderRadius: radius.round },
  name: { fontWeight: '600', textAlign: 'center' },
  unseen: { fontSize: 0 },
  badge: {
    position: 'absolute',
    top: 4,
    left: '50%',
    marginLeft: 8,
    minWidth: 18,
    paddingHorizontal: 4,
    borderRadius: radius.round,
    alignItems: 'center',
  },
  number: { fontSize: 11, lineHeight: 18, fontWeight: '700' },
});
