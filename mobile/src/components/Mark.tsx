import Svg, { Circle, Path, Rect } from 'react-native-svg';

import { useColors } from '@/theme';

/** The sign of Sayso: what is said (the bars of a voice) inside a speech bubble that is a button. */
export function Mark({ size }: { size: number }) {
  const colors = useColors();
  return (
    <Svg width={size} height={size} viewBox="0 0 64 64" aria-hidden>
      <Circle cx={32} cy={32} r={32} fill={colors.accent} />
      <Rect x={17} y={27} width={5} height={10} rx={2.5} fill={colors.onAccent} />
      <Rect x={26} y={19} width={5} height={26} rx={2.5} fill={colors.onAccent} />
      <Path
        d="M37 33.5 l4.6 4.6 8.4-10.4"
        fill="none"
        stroke={colors.onAccent}
        strokeWidth={5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </Svg>
  );
}
