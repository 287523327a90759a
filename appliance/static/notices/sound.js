/** The sound of a message: a tone or two, which need no file. */

import { setting } from "../state/told.js";

/** In Hz, one after the other. @type {Record<string, number[]>} */
const SOUNDS = { zulip: [660, 880], ding: [880], none: [] };
const LENGTH = 0.18; // seconds of a tone
const LOUDEST = 0.08; // of 1
const APART = 1000; // milliseconds between two sounds, however many messages come

let context = /** @type {AudioContext | null} */ (null);
let played = -Infinity; // when

/** Browsers let a page be heard once one has pressed something there. @param {string} [sound] */
export function beep(sound = setting("notification_sound")) {
  const tones = SOUNDS[sound] ?? SOUNDS.zulip;
  if (tones.length === 0 || performance.now() - played < APART) return;
  played = performance.now();
  context ??= new AudioContext();
  context.resume().catch(() => {});
  if (context.state === "running" || navigator.userActivation?.hasBeenActive) tones.forEach((each, place) => play(each, place * LENGTH));
}

/** @param {number} pitch Hz @param {number} after seconds */
function play(pitch, after) {
  const [tone, loudness] = [context.createOscillator(), context.createGain()];
  const begin = context.currentTime + after;
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(LOUDEST, begin);
  loudness.gain.exponentialRampToValueAtTime(LOUDEST / 100, begin + LENGTH);
  tone.connect(loudness).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + LENGTH);
}
