import type { ProductivityResponse } from './dto/productivity.response.js';
import type { UsageResponse } from './dto/usage.response.js';

/** Names whose JSON is kept. */
const MAX_NAMES = 10_000;

/** As JSON.stringify, for hundreds of thousands of elements with few names. */
export function productivityEncoder(): (element: ProductivityResponse) => string {
  const nameJson = nameEncoder();
  return ({ date, totalMinutes, userName, timeOfDay }) =>
    `{"date":"${date}","totalMinutes":${totalMinutes},"userName":${nameJson(userName)},"timeOfDay":${timeOfDay}}`;
}

/** The same for elements of applications and sites. */
export function usageEncoder(): (element: UsageResponse) => string {
  const nameJson = nameEncoder();
  return ({ data, sessionId, timeOfDay }) => {
    let shares = '';
    for (const { duration, key } of data)
      shares += `${shares === '' ? '' : ','}{"duration":"${duration}","key":${nameJson(key)}}`;
    return `{"data":[${shares}],"sessionId":${sessionId},"timeOfDay":"${timeOfDay}"}`;
  };
}

function nameEncoder(): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    let json = known.get(name);
    if (json === undefined) {
      if (known.size >= MAX_NAMES) known.clear();
      known.set(name, (json = JSON.stringify(name)));
    }
    return json;
  };
}
