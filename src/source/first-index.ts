/** The first of `count` numbers from 0 for which `holds`, as it does for all behind it; `count` when there is none. */
export function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0
  for (let high = count; low < high; ) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
