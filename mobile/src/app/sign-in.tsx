import { Redirect } from 'expo-router';

/** `/sign-in`: who gets here is signed in already (see `_layout`). */
export default function SignInRoute() {
  return <Redirect href="/" />;
}
