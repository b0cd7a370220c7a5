import type { CamelCase } from "./camelCase.js";

// The SDK's types, made from those generated from the .proto files: camelCase keys, enum values without their type's prefix, Timestamp as
// Date, Struct and Value as plain JSON, 64-bit integers as numbers, unset messages left out. Generated types come in pairs: what
// proto-loader returns (`X`) and what it takes (`XInput`). Only the second tells a 64-bit integer from a string.

/** What a google.protobuf.Value holds. NaN and infinities are kept. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
/** What a google.protobuf.Struct holds. */
export type JsonObject = Record<string, JsonValue>;

type EnumPrefix<E> = E extends `${infer Prefix}UNSPECIFIED` ? Prefix : never;
type WithoutPrefix<E, Prefix extends string> = E extends `${Prefix}${infer Name}` ? Name : never;
type EnumName<E> = WithoutPrefix<E, EnumPrefix<E>>;

/** proto-loader's virtual fields, which say which member of a oneof is set: their values are names of other fields. */
type IsVirtual<T, K extends keyof T> = [NonNullable<T[K]>] extends [Exclude<keyof T, K>] ? true : false;
type FieldNames<T> = { [K in keyof T]-?: IsVirtual<T, K> extends true ? never : K }[keyof T];
/** Set in every message: neither `optional`, nor in a oneof, nor another message. */
type AlwaysSet<T> = { [K in FieldNames<T>]-?: undefined extends T[K] ? never : null extends T[K] ? never : K }[FieldNames<T>];

type ReadField<T, I> = string extends keyof T
  ? Record<string, ReadField<T[keyof T], I[keyof I]>>
  : [T] extends [{ seconds: string; nanos: number }]
    ? Date
    : [T] extends [{ fields: Record<string, unknown> }]
      ? JsonObject
      : "numberValue" extends keyof T
        ? JsonValue
        : [T] extends [Uint8Array]
          ? Uint8Array
          : [T] extends [number | boolean]
            ? T
            : [T] extends [string]
              ? ReadString<T, I>
              : [T] extends [(infer Item)[]]
                ? ReadField<Item, I extends (infer InputItem)[] ? InputItem : never>[]
                : ReadMessage<T, I>;
type ReadString<T, I> = string extends T ? (number extends I ? number : string) : EnumName<T>;

type Paired<I, K> = K extends keyof I ? NonNullable<I[K]> : never;
type Flat<T> = { [K in keyof T]: T[K] };

/** A message as the SDK returns it. */
export type ReadMessage<T, I> = Flat<
  { [K in AlwaysSet<T> as CamelCase<K & string>]: ReadField<NonNullable<T[K]>, Paired<I, K>> } & {
    [K in Exclude<FieldNames<T>, AlwaysSet<T>> as CamelCase<K & string>]?: ReadField<NonNullable<T[K]>, Paired<I, K>>;
  }
>;

type WriteField<I> = string extends keyof I
  ? Readonly<Record<string, WriteField<I[keyof I]>>>
  : "nanos" extends keyof I
    ? Date
    : "fields" extends keyof I
      ? JsonObject
      : "numberValue" extends keyof I
        ? JsonValue
        : Uint8Array extends I
          ? Uint8Array
          : number extends I
            ? number
            : [I] extends [boolean]
              ? boolean
              : [I] extends [string | number]
                ? WriteString<I>
                : [I] extends [(infer Item)[]]
                  ? readonly WriteField<Item>[]
                  : WriteMessage<I>;
type WriteString<I> = string extends I ? string : Exclude<EnumName<I>, "UNSPECIFIED">;

/** A message as the SDK takes it: every field may be left out. */
export type WriteMessage<I> = {
  [K in FieldNames<Required<I>> as CamelCase<K & string>]?: WriteField<NonNullable<I[K & keyof I]>> | undefined;
};
