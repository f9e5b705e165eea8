// Kinds of files, as far as a media type tells them.
import { plural } from './words.js'

const table = { icon: 'table', noun: 'table' }
const kinds = [
  [/^image\//, { icon: 'picture', noun: 'picture' }],
  [/^video\//, { icon: 'film', noun: 'video' }],
  [/^audio\//, { icon: 'audio', noun: 'sound' }],
  [/csv|tab-separated|spreadsheet|ms-excel|parquet/, table],
  [/zip|x-tar|gzip|compressed|7z|rar/, { icon: 'archive', noun: 'archive' }],
  [/json|xml|yaml/, { icon: 'braces', noun: 'data file' }],
  [/python|javascript|x-sh|x-c|java/, { icon: 'code', noun: 'program' }],
  [/^text\/|pdf|wordprocessing|msword/, { icon: 'text', noun: 'text' }],
]
const other = { icon: 'file', noun: 'other file' }

export function kindOf(type) {
  return kinds.find(([pattern]) => pattern.test(type))?.[1] ?? other
}

// counted says how many of each kind there are: 1 table, 2 pictures.
export function counted(types) {
  const numbers = new Map()
  for (const type of types) {
    const kind = kindOf(type)
    numbers.set(kind, (numbers.get(kind) ?? 0) + 1)
  }
  if (numbers.size === 1 && numbers.has(other)) return []
  return [...numbers].map(([kind, n]) => ({ kind, words: plural(n, kind.noun) }))
}

export const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory === true
