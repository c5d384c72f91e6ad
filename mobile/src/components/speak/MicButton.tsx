import { ArrowUp, Mic } from '@/components/icons';
import { useEffect, useState } from 'react';
import {
  ActivityIndicator,
  Animated,
  type GestureResponderEvent,
  Platform,
  Pressable,
  StyleSheet,
  View,
} from 'react-native';
import Svg, { Circle } from 'react-native-svg';

import { LONGEST, WARNING } from '@/recording/useRecording';
import type { Press } from '@/recording/usePress';
import { strings } from '@/strings';
import { hasDriver, radius, space, useColors, useReducedMotion } from '@/theme';

const SIZE = 272;
const CORE = 164;
const REST = 196;
const STROKE = 6;
const AROUND = (SIZE - STROKE) / 2;
/** A finger that slides off the button still belongs to it: it may want to cancel. */
const FAR = 1000;

type Props = {
  stage: 'idle' | 'opening' | 'recording' | 'storing' | 'kept';
  elapsedMs: number;
  /** How loud it is, 0 to 1. */
  peak: number;
  press: Press;
};

/** The one button. Its halo follows the voice, the ring around it fills until the limit. */
export function MicButton({ stage, elapsedMs, peak, press }: Props) {
  const colors = useColors();
  const isRecording = stage === 'recording';
  const isBusy = stage === 'opening' || stage === 'storing';
  const isEnding = elapsedMs >= LONGEST - WARNING;
  const around = 2 * Math.PI * AROUND;
  const Icon = isRecording ? ArrowUp : Mic;
  return (
    <View style={styles.place}>
      <Halo isOn={isRecording} peak={peak} />
      {isRecording ? (
        <Svg width={SIZE} height={SIZE} style={styles.ring} aria-hidden>
          <Circle {...CENTER} r={AROUND} stroke={colors.line} strokeWidth={STROKE} fill="none" />
          <Circle
            {...CENTER}
            r={AROUND}
            stroke={isEnding ? colors.warn : colors.accent}
            strokeWidth={STROKE}
            strokeLinecap="round"
            strokeDasharray={around}
            strokeDashoffset={around * (1 - Math.min(1, elapsedMs / LONGEST))}
            fill="none"
            transform={`rotate(-90 ${SIZE / 2} ${SIZE / 2})`}
          />
        </Svg>
      ) : null}
      <Pressable
        role="button"
        aria-label={isRecording ? strings.speak.stop : strings.speak.start}
        accessibilityHint={isRecording ? strings.speak.stopHint : strings.speak.startHint}
        aria-busy={isBusy}
        pressRetentionOffset={FAR}
        onPressIn={(event) => press.press(pointOf(event))}
        onPressMove={(event) => press.move(pointOf(event))}
        onPressOut={press.release}
        onPress={press.tap}
        style={({ pressed }) => [
          styles.core,
          untouched,
          { backgroundColor: colors.accent, transform: [{ scale: pressed ? 0.96 : 1 }] },
        ]}
      >
        {isBusy ? (
          <ActivityIndicator size="large" color={colors.onAccent} />
        ) : (
          <Icon size={64} strokeWidth={1.6} color={colors.onAccent} aria-hidden />
        )}
      </Pressable>
    </View>
  );
}

function Halo({ isOn, peak }: { isOn: boolean; peak: number }) {
  const colors = useColors();
  const isStill = useReducedMotion();
  const [size] = useState(() => new Animated.Value(0));
  // Speech is quiet most of the time: the root makes that visible.
  const loudness = isOn ? Math.min(1, Math.sqrt(Math.max(0, peak)) * 1.15) : 0;
  useEffect(() => {
    if (isStill) size.setValue(0);
    else
      Animated.timing(size, {
        toValue: loudness,
        duration: 90,
        useNativeDriver: hasDriver,
      }).start();
  }, [isStill, loudness, size]);
  const scale = size.interpolate({ inputRange: [0, 1], outputRange: [1, (SIZE - 20) / REST] });
  return (
    <>
      <Animated.View
        style={[styles.halo, { backgroundColor: colors.accentSoft, transform: [{ scale }] }]}
      />
      {isOn ? (
        <View
          role="progressbar"
          aria-label={strings.speak.level}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(loudness * 100)}
          style={[styles.meter, isStill ? { backgroundColor: colors.line } : null]}
        >
          {isStill ? (
            <View
              style={[
                styles.filled,
                { backgroundColor: colors.accent, width: `${Math.round(loudness * 100)}%` },
              ]}
            />
          ) : null}
        </View>
      ) : null}
    </>
  );
}

function pointOf({ nativeEvent }: GestureResponderEvent) {
  return { x: nativeEvent.pageX, y: nativeEvent.pageY };
}

// A browser would take the finger that slides for scrolling.
const untouched = Platform.select<object>({ web: { touchAction: 'none' }, default: {} });

const CENTER = { cx: SIZE / 2, cy: SIZE / 2 };

const styles = StyleSheet.create({
  place: { width: SIZE, height: SIZE, alignItems: 'center', justifyContent: 'center' },
  ring: { position: 'absolute', pointerEvents: 'none' },
  halo: { position: 'absolute', width: REST, height: REST, borderRadius: radius.round },
  meter: {
    position: 'absolute',
    bottom: space.xl + 2,
    width: 96,
    height: 6,
    borderRadius: radius.round,
    overflow: 'hidden',
  },
  filled: { height: 6, borderRadius: radius.round },
  core: {
    width: CORE,
    height: CORE,
    borderRadius: radius.round,
    alignItems: 'center',
    justifyContent: 'center',
    userSelect: 'none',
  },
});
