/** Pushes that one asks for, to see that they come. */

import { post } from "../base/api.js";
import { failed, toast } from "../parts/toast.js";

/** @param {number} deviceId */
export async function test(deviceId) {
  try {
    await post(`/appliance/devices/${deviceId}/test`);
    toast("It is sent: you should see it in a moment");
  } catch (error) {
    failed(error);
  }
}
