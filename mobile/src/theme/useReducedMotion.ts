import { useEffect, useState } from 'react';
import { AccessibilityInfo } from 'react-native';

/** Whether the person asked their system for less motion. */
export function useReducedMotion(): boolean {
  const [isReduced, setIsReduced] = useState(false);
  useEffect(() => {
    let isGone = false;
    void AccessibilityInfo.isReduceMotionEnabled().then((now) => isGone || setIsReduced(now));
    const changes = AccessibilityInfo.addEventListener('reduceMotionChanged', setIsReduced);
    return () => {
      isGone = true;
      changes.remove();
    };
  }, []);
  return isReduced;
}
