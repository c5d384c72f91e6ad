"""Stand-ins for what cannot run on one machine: GitHub, Expo push and a speech API."""
