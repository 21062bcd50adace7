import { gunzipSync, gzipSync } from 'node:zlib';

/** A value as it is handed to a process in a variable, whose length is limited: specs are long and much alike. */
export const packed = (value: unknown): string => gzipSync(JSON.stringify(value)).toString('base64');

export const unpacked = <T>(text: string | undefined): T | undefined =>
  text ? (JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as T) : undefined;
