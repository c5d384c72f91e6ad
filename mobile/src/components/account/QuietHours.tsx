import { Minus, Plus } from '@/components/icons';
import { StyleSheet, View } from 'react-native';

import type { QuietHours } from '@/push';
import { strings } from '@/strings';
import { space } from '@/theme';

import { IconButton, Text } from '../kit';
import { Choice } from './Choice';

const STEP = 30;
const DAY = 24 * 60;
const NIGHT = { from: '22:00', to: '07:00' };

type Props = {
  hours: QuietHours | null;
  timeZone: string;
  onChange: (hours: QuietHours | null) => void;
};

/** When nothing makes a sound, in the device's own time zone. */
export function QuietHoursSetting({ hours, timeZone, onChange }: Props) {
  const { settings } = strings;
  return (
    <>
      <Choice
        name={settings.quietHours}
        text={settings.quietHoursText}
        isOn={hours !== null}
        onChange={(isOn) => onChange(isOn ? { ...NIGHT, time_zone: timeZone } : null)}
      />
      {hours ? (
        <>
          <Time
            name={settings.from}
            time={hours.from}
            onChange={(from) => onChange({ ...hours, from, time_zone: timeZone })}
          />
          <Time
            name={settings.until}
            time={hours.to}
            onChange={(to) => onChange({ ...hours, to, time_zone: timeZone })}
          />
          <Text variant="small" color="muted">
            {settings.timeZone(timeZone.replace(/_/g, ' '))}
          </Text>
        </>
      ) : null}
    </>
  );
}

type TimeProps = { name: string; time: string; onChange: (time: string) => void };

function Time({ name, time, onChange }: TimeProps) {
  const { settings } = strings;
  return (
    <View style={styles.time}>
      <Text style={styles.grows}>{name}</Text>
      <IconButton
        icon={Minus}
        label={settings.earlier(name)}
        onPress={() => onChange(moved(time, -STEP))}
      />
      <Text variant="strong" aria-live="polite" style={styles.digits}>
        {time}
      </Text>
      <IconButton
        icon={Plus}
        label={settings.later(name)}
        onPress={() => onChange(moved(time, STEP))}
      />
    </View>
  );
}

/** A time of day, `HH:MM`, so many minutes later; midnight is passed. */
export function moved(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const of = (hour * 60 + minute + minutes + DAY) % DAY;
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(of / 60))}:${two(of % 60)}`;
}

const styles = StyleSheet.create({
  time: { flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', gap: space.s },
  grows: { flexGrow: 1 },
  digits: { minWidth: 56, textAlign: 'center', fontVariant: ['tabular-nums'] },
});
