import { type ReactNode, useEffect, useState } from 'react';
import { Animated, type StyleProp, type ViewStyle } from 'react-native';

import { hasDriver, useReducedMotion } from '@/theme';

const BEAT = 700;

/** Something that is going on breathes; it lies still for who wants less motion. */
export function Pulse({ style, children }: { style?: StyleProp<ViewStyle>; children?: ReactNode }) {
  const isStill = useReducedMotion();
  const [pulse] = useState(() => new Animated.Value(1));
  useEffect(() => {
    if (isStill) return;
    const to = (toValue: number) =>
      Animated.timing(pulse, { toValue, duration: BEAT, useNativeDriver: hasDriver });
    const beat = Animated.loop(Animated.sequence([to(0.4), to(1)]));
    beat.start();
    return () => {
      beat.stop();
      pulse.setValue(1);
    };
  }, [isStill, pulse]);
  return <Animated.View style={[style, { opacity: pulse }]}>{children}</Animated.View>;
}
