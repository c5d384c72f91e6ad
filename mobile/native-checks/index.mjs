/** Runs every check and prints a line for each. */
import { bridgesAgree } from './bridges.mjs';
import { kotlinCompiles } from './kotlin.mjs';
import { moduleIsLinked } from './linking.mjs';
import { swiftParses } from './swift.mjs';

for (const check of [swiftParses, kotlinCompiles, bridgesAgree, moduleIsLinked]) {
  try {
    console.log(`ok    ${await check()}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`FAIL  ${check.name}: ${error.message}`);
  }
}
