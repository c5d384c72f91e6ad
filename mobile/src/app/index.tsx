import { Text } from 'react-native';

export default function Speak() {
  return <Text>Sayso</Text>;
}
